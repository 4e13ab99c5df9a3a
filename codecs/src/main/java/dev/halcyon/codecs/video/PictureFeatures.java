package dev.halcyon.codecs.video;

/** What {@link SceneScorer} compares of a picture. Immutable after construction. */
final class PictureFeatures {
  static final PictureFeatures NONE = new PictureFeatures(0, 0);

  static final int COLUMNS = 16;
  static final int ROWS = 9;
  private static final int BLOCKS = COLUMNS * ROWS;

  /** Bins of the luma histogram, over ±{@value #SPREADS} spreads about the mean. */
  private static final int BINS = 24;

  private static final double SPREADS = 3;

  /** Variance of luma that noise and coding make by themselves: (4 steps)². */
  private static final double NOISE_VARIANCE = 16;

  /** Mean chroma distance, in steps of 255, that counts as wholly another colour. */
  private static final double OTHER_COLOUR = 24;

  /** Steps of luma and chroma together by which a block is another one. */
  private static final double CHANGED = 10;

  private static final double LAYOUT_WEIGHT = 0.55;
  private static final double TONE_WEIGHT = 0.25;
  private static final double COLOUR_WEIGHT = 0.20;

  private final double[] luma = new double[BLOCKS];
  private final double[] cb = new double[BLOCKS];
  private final double[] cr = new double[BLOCKS];
  private final double[] histogram = new double[BINS];
  private final double mean;
  private final double variance;

  private PictureFeatures(double mean, double variance) {
    this.mean = mean;
    this.variance = variance;
  }

  static PictureFeatures of(SmallPicture picture) {
    byte[] luma = picture.luma();
    int[] counts = counts(luma);
    long sum = 0;
    long squares = 0;
    for (int level = 0; level < counts.length; level++) {
      sum += (long) counts[level] * level;
      squares += (long) counts[level] * level * level;
    }
    double mean = (double) sum / luma.length;
    double variance = Math.max(0, (double) squares / luma.length - mean * mean);
    PictureFeatures features = new PictureFeatures(mean, variance);
    features.fillHistogram(counts, luma.length);
    fillBlocks(luma, picture.widthPx(), picture.heightPx(), features.luma);
    fillBlocks(picture.cb(), picture.widthPx() / 2, picture.heightPx() / 2, features.cb);
    fillBlocks(picture.cr(), picture.widthPx() / 2, picture.heightPx() / 2, features.cr);
    return features;
  }

  /** How many pixels there are of each level. */
  private static int[] counts(byte[] luma) {
    int[] counts = new int[256];
    for (byte value : luma) {
      counts[value & 0xff]++;
    }
    return counts;
  }

  /** Each pixel is shared between the two nearest bins, so that a small shift is a small change. */
  private void fillHistogram(int[] counts, int pixels) {
    double spread = Math.sqrt(variance + NOISE_VARIANCE);
    for (int level = 0; level < counts.length; level++) {
      double deviation = Math.clamp((level - mean) / spread, -SPREADS, SPREADS);
      double place = (deviation + SPREADS) / (2 * SPREADS) * (BINS - 1);
      int bin = Math.min((int) place, BINS - 2);
      double share = (double) counts[level] / pixels;
      histogram[bin] += share * (bin + 1 - place);
      histogram[bin + 1] += share * (place - bin);
    }
  }

  private static void fillBlocks(byte[] plane, int width, int height, double[] means) {
    for (int row = 0; row < ROWS; row++) {
      int top = row * height / ROWS;
      int bottom = Math.max(top + 1, (row + 1) * height / ROWS);
      for (int column = 0; column < COLUMNS; column++) {
        int left = column * width / COLUMNS;
        int right = (column + 1) * width / COLUMNS;
        long sum = 0;
        for (int y = top; y < bottom; y++) {
          for (int x = left; x < right; x++) {
            sum += plane[y * width + x] & 0xff;
          }
        }
        means[row * COLUMNS + column] = (double) sum / ((bottom - top) * (right - left));
      }
    }
  }

  /** Standard deviation of luma. */
  double spread() {
    return Math.sqrt(variance);
  }

  /** Mean squared difference of the blocks, of luma and chroma: linear in a mixture. */
  double squares(PictureFeatures that) {
    double sum = 0;
    for (int i = 0; i < BLOCKS; i++) {
      double y = luma[i] - that.luma[i];
      double b = cb[i] - that.cb[i];
      double r = cr[i] - that.cr[i];
      sum += y * y + b * b + r * r;
    }
    return sum / BLOCKS;
  }

  /** How many of the blocks differ by more than noise and a small move would make, 0..1. */
  double changedShare(PictureFeatures that) {
    int changed = 0;
    for (int i = 0; i < BLOCKS; i++) {
      double y = Math.abs(luma[i] - that.luma[i]);
      double c = Math.abs(cb[i] - that.cb[i]) + Math.abs(cr[i] - that.cr[i]);
      changed += y + c > CHANGED ? 1 : 0;
    }
    return (double) changed / BLOCKS;
  }

  /** 0 the same content .. 1 nothing in common. */
  double difference(PictureFeatures that) {
    return Math.clamp(
        LAYOUT_WEIGHT * layoutDifference(that)
            + TONE_WEIGHT * toneDifference(that)
            + COLOUR_WEIGHT * colourDifference(that),
        0,
        1);
  }

  private double layoutDifference(PictureFeatures that) {
    double meanHere = mean(luma);
    double meanThere = mean(that.luma);
    double covariance = 0;
    double varianceHere = 0;
    double varianceThere = 0;
    for (int i = 0; i < BLOCKS; i++) {
      double here = luma[i] - meanHere;
      double there = that.luma[i] - meanThere;
      covariance += here * there / BLOCKS;
      varianceHere += here * here / BLOCKS;
      varianceThere += there * there / BLOCKS;
    }
    double correlation =
        (covariance + NOISE_VARIANCE) / (Math.sqrt(varianceHere * varianceThere) + NOISE_VARIANCE);
    return Math.clamp(1 - correlation, 0, 1);
  }

  private double toneDifference(PictureFeatures that) {
    double common = 0;
    for (int i = 0; i < BINS; i++) {
      common += Math.min(histogram[i], that.histogram[i]);
    }
    return 1 - common;
  }

  private double colourDifference(PictureFeatures that) {
    double distance = 0;
    for (int i = 0; i < BLOCKS; i++) {
      distance += Math.hypot(cb[i] - that.cb[i], cr[i] - that.cr[i]) / BLOCKS;
    }
    return Math.min(1, distance / OTHER_COLOUR);
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }
}
