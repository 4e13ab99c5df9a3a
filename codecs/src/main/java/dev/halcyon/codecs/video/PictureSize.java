package dev.halcyon.codecs.video;

import dev.halcyon.core.media.Orientation;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;

/** The size of a picture as it is shown: upright, with square pixels. Immutable. */
public record PictureSize(int widthPx, int heightPx) {
  public PictureSize {
    if (widthPx < 1 || heightPx < 1) {
      throw new IllegalArgumentException(
          "no size [width=" + widthPx + ", height=" + heightPx + "]");
    }
  }

  /** The size in which a player shows a decoded picture. */
  public static PictureSize shown(AVFrame frame, Orientation turn) {
    AVRational aspect = frame.sample_aspect_ratio();
    boolean isStated = aspect.num() > 0 && aspect.den() > 0;
    long widthPx =
        isStated ? Math.round((double) frame.width() * aspect.num() / aspect.den()) : frame.width();
    int shownPx = Math.clamp(widthPx, 1, Integer.MAX_VALUE);
    return turn.isSideways()
        ? new PictureSize(frame.height(), shownPx)
        : new PictureSize(shownPx, frame.height());
  }

  /** This shape, as large as it fits into a box; both sides even. */
  public PictureSize within(int boxWidthPx, int boxHeightPx) {
    double scale = Math.min((double) boxWidthPx / widthPx, (double) boxHeightPx / heightPx);
    return new PictureSize(even(widthPx * scale, boxWidthPx), even(heightPx * scale, boxHeightPx));
  }

  /** As {@link #within}, but never larger than this. */
  public PictureSize reducedTo(int boxWidthPx, int boxHeightPx) {
    return within(Math.min(boxWidthPx, widthPx), Math.min(boxHeightPx, heightPx));
  }

  private static int even(double sidePx, int limitPx) {
    return Math.clamp(2 * Math.round(sidePx / 2), 2, Math.max(2, limitPx / 2 * 2));
  }
}
