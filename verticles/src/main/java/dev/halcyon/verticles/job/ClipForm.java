package dev.halcyon.verticles.job;

import dev.halcyon.core.asset.PictureStream;
import dev.halcyon.core.media.FrameRate;
import dev.halcyon.core.reframe.Aspect;
import dev.halcyon.core.render.PictureForm;
import java.util.Comparator;
import java.util.List;

/** What size and rate clips of a source are made in. Pure. */
final class ClipForm {
  /** The short side that platforms play, and the one for sources that have less to give. */
  private static final int FULL_PX = 1080;

  private static final int SMALL_PX = 720;

  /** From this height of the source on, the full size is worth its bits. */
  private static final int FULL_FROM_PX = 480;

  private static final double LEAST_FPS = 23;
  private static final double MOST_FPS = 60.5;
  private static final int MOST_TERM = 1_000_000;

  private static final List<FrameRate> COMMON =
      List.of(
          new FrameRate(24, 1),
          FrameRate.FPS_25,
          FrameRate.FPS_30,
          new FrameRate(50, 1),
          FrameRate.FPS_60);

  private ClipForm() {}

  static Aspect aspect(PictureStream picture, String wanted) {
    return Aspect.parse(wanted, sourceAspect(picture));
  }

  private static Aspect sourceAspect(PictureStream picture) {
    return new Aspect(picture.displayWidthPx(), picture.displayHeightPx());
  }

  static PictureForm of(PictureStream picture, String wanted) {
    Aspect aspect = aspect(picture, wanted);
    int sourceShortPx = Math.min(picture.displayWidthPx(), picture.displayHeightPx());
    int shortPx = sourceShortPx >= FULL_FROM_PX ? FULL_PX : SMALL_PX;
    double ratio = aspect.ratio();
    double widthPx = ratio >= 1 ? shortPx * ratio : shortPx;
    double heightPx = ratio >= 1 ? shortPx : shortPx / ratio;
    double shrink = Math.min(1, 1920.0 / Math.max(widthPx, heightPx));
    return new PictureForm(even(widthPx * shrink), even(heightPx * shrink), rate(picture));
  }

  private static int even(double px) {
    return Math.max(64, (int) Math.round(px / 2) * 2);
  }

  /**
   * The source's rate, where captions can move smoothly at it: slow sources are shown each picture
   * several times, fast ones every other, uneven ones at the common rate that is next to theirs.
   */
  private static FrameRate rate(PictureStream picture) {
    FrameRate source = picture.frameRate();
    double fps = (double) source.numerator() / source.denominator();
    int times = (int) Math.ceil(24 / fps);
    int parts = (int) Math.ceil(fps / MOST_FPS);
    if (picture.isVariableRate() || (long) source.numerator() * times > MOST_TERM) {
      return common(fps);
    }
    if (fps < LEAST_FPS) {
      return new FrameRate(source.numerator() * times, source.denominator());
    }
    boolean isFast = fps > MOST_FPS && (long) source.denominator() * parts <= MOST_TERM;
    return isFast ? new FrameRate(source.numerator(), source.denominator() * parts) : source;
  }

  private static FrameRate common(double fps) {
    return COMMON.stream()
        .min(
            Comparator.comparingDouble(
                rate -> Math.abs((double) rate.numerator() / rate.denominator() - fps)))
        .orElseThrow();
  }
}
