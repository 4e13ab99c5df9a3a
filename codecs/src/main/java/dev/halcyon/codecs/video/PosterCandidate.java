package dev.halcyon.codecs.video;

import dev.halcyon.codecs.av.FrameHandle;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Orientation;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/** The best picture offered so far, as JPEG. One platform thread; owns its native objects. */
final class PosterCandidate implements AutoCloseable {
  static final int WIDTH_PX = 640;
  private static final int MAX_HEIGHT_PX = 4 * WIDTH_PX;

  private final PictureScaler scaler;
  private final Orientation turn;
  private double bestMerit = Double.NEGATIVE_INFINITY;
  private byte[] jpeg = new byte[0];

  PosterCandidate(Orientation turn) {
    this.turn = turn;
    this.scaler = new PictureScaler(StillImage.JPEG, turn);
  }

  /**
   * @param weight how much better than others of the same merit it is
   */
  void offer(AVFrame picture, double weight) {
    PictureSize size = PictureSize.shown(picture, turn).within(WIDTH_PX, MAX_HEIGHT_PX);
    FrameHandle scaled = scaler.scale(picture, size);
    PictureMerit measured = PictureMerit.of(scaled.pointer());
    double merit = measured.isBlank() ? measured.score() : weight * measured.score();
    if (merit > bestMerit) {
      jpeg = StillImage.jpeg(scaled, StillImage.POSTER_QUALITY);
      bestMerit = merit;
    }
  }

  /**
   * @throws HalcyonException CORRUPT_MEDIA when no picture was offered
   */
  byte[] toJpeg() {
    if (jpeg.length == 0) {
      throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "no picture could be decoded");
    }
    return jpeg;
  }

  @Override
  public void close() {
    scaler.close();
  }
}
