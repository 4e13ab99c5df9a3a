package dev.halcyon.core.reframe;

import java.util.Objects;

/**
 * How a picture is brought to another aspect.
 *
 * @param several what happens when several faces matter and one rectangle cannot hold them
 * @param mostZoom how much nearer than the largest possible rectangle a camera may go to a small
 *     face, 1 for not at all
 * @param speedLimit how fast a camera may move, in widths (heights, up and down) of its rectangle a
 *     second
 */
public record ReframeOptions(Fit fit, Several several, double mostZoom, double speedLimit) {
  public static final ReframeOptions DEFAULT =
      new ReframeOptions(Fit.CROP, Several.DOMINANT, 1.25, 1);

  /** What to do with a source that is wider or higher than the clip. */
  public enum Fit {
    CROP,
    /** All of it is shown, over a blurred copy. */
    PAD
  }

  /** Whom to show of several. */
  public enum Several {
    /** The one that is seen largest and longest. */
    DOMINANT,
    /** Two of them, one above the other, where the clip is narrower than the source. */
    SPLIT
  }

  public ReframeOptions {
    Objects.requireNonNull(fit, "fit");
    Objects.requireNonNull(several, "several");
    if (!(mostZoom >= 1 && mostZoom <= 4)) {
      throw new IllegalArgumentException("zoom out of 1..4 [mostZoom=" + mostZoom + "]");
    }
    if (!(speedLimit >= 0.05 && speedLimit <= 20)) {
      throw new IllegalArgumentException(
          "speed limit out of 0.05..20 [speedLimit=" + speedLimit + "]");
    }
  }
}
