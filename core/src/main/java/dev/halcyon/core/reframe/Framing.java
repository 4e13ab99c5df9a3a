package dev.halcyon.core.reframe;

/**
 * The shape of a camera's rectangle in a source.
 *
 * @param aspect its width for its height, both in parts of the source's
 * @param height of the largest such rectangle, in parts of the source's
 */
record Framing(double aspect, double height) {
  /** For a source and a target, both as width for height. */
  static Framing of(double sourceRatio, double targetRatio) {
    return new Framing(targetRatio / sourceRatio, Math.min(1, sourceRatio / targetRatio));
  }

  /** The same shape, so many times smaller. */
  Framing nearer(double zoom) {
    return new Framing(aspect, height / zoom);
  }

  double width() {
    return Math.min(1, aspect * height);
  }
}
