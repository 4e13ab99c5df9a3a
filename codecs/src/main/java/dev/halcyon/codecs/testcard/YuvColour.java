package dev.halcyon.codecs.testcard;

/** A colour in BT.709 limited range. */
record YuvColour(int luma, int cb, int cr) {
  static final YuvColour BLACK = new YuvColour(16, 128, 128);
  static final YuvColour WHITE = new YuvColour(235, 128, 128);

  /** From gamma-coded RGB, 0..255 each (ITU-R BT.709-6, item 3). */
  static YuvColour ofRgb(int red, int green, int blue) {
    double luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    double cb = (blue - luma) / 1.8556;
    double cr = (red - luma) / 1.5748;
    return new YuvColour(
        (int) Math.round(16 + luma * 219 / 255),
        (int) Math.round(128 + cb * 224 / 255),
        (int) Math.round(128 + cr * 224 / 255));
  }

  /** This colour, brightened or darkened. */
  YuvColour shifted(int lumaSteps) {
    return new YuvColour(Math.clamp(luma + lumaSteps, 16, 235), cb, cr);
  }
}
