package dev.halcyon.codecs.format;

import dev.halcyon.codecs.av.FrameHandle;
import dev.halcyon.codecs.video.PictureFinder;
import dev.halcyon.codecs.video.PictureScaler;
import dev.halcyon.codecs.video.PictureSize;
import dev.halcyon.codecs.video.StillImage;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Orientation;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * The pictures of a preview, at an even pace whatever the file's: at each tick the one that a
 * player shows then. One platform thread; owns its native objects; closed by who opened it.
 */
final class PreviewPictures implements AutoCloseable {
  /** What 15 s may have at 240 pictures a second, twice over: palette and pictures. */
  private static final int BUDGET_FRAMES = 10_000;

  private final PictureFinder finder;
  private final PictureScaler scaler;
  private final PreviewShape shape;
  private final PictureSize size;
  private final long endUs;

  private PreviewPictures(PictureFinder finder, PictureScaler scaler, PreviewShape shape) {
    this.finder = finder;
    this.scaler = scaler;
    this.shape = shape;
    this.size =
        PictureSize.shown(finder.at(shape.fromUs()).frame(), finder.orientation())
            .reducedTo(shape.widthPx(), 2 * shape.widthPx());
    this.endUs =
        Math.max(
            shape.fromUs() + 1, Math.min(shape.fromUs() + shape.lengthUs(), finder.lengthUs()));
  }

  /**
   * @throws HalcyonException UNSUPPORTED_MEDIA, CORRUPT_MEDIA, IO_FAILED
   */
  static PreviewPictures open(Path file, PreviewShape shape) {
    PictureFinder finder = PictureFinder.open(file, BUDGET_FRAMES);
    PictureScaler scaler = null;
    try {
      Orientation turn = finder.orientation();
      scaler = new PictureScaler(StillImage.RGB, turn);
      return new PreviewPictures(finder, scaler, shape);
    } catch (RuntimeException failure) {
      if (scaler != null) {
        scaler.close();
      }
      finder.close();
      throw failure;
    }
  }

  PictureSize size() {
    return size;
  }

  /** When the preview ends, since its start. */
  long lengthUs() {
    return endUs - shape.fromUs();
  }

  /** All of them in order, BGRA, lent for each call; their times begin at 0. */
  void each(Consumer<AVFrame> sink) {
    for (int tick = 0; tickUs(tick) < lengthUs(); tick++) {
      FrameHandle picture = scaler.fit(finder.at(shape.fromUs() + tickUs(tick)).frame(), size);
      picture.pointer().pts(tickUs(tick)).duration(tickUs(tick + 1) - tickUs(tick));
      sink.accept(picture.pointer());
    }
  }

  private long tickUs(int tick) {
    return tick * 1_000_000L / shape.fps();
  }

  @Override
  public void close() {
    scaler.close();
    finder.close();
  }
}
