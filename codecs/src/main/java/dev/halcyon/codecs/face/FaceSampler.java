package dev.halcyon.codecs.face;

import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_UNSPECIFIED;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_GRAY8;
import static org.bytedeco.ffmpeg.global.swscale.SWS_AREA;

import dev.halcyon.codecs.video.GreySampler;
import dev.halcyon.codecs.video.PictureScaler;
import dev.halcyon.codecs.video.PictureSize;
import dev.halcyon.core.analysis.MotionCentre;
import dev.halcyon.core.media.Orientation;
import java.nio.file.Path;
import java.util.Optional;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Looks for faces in the pictures that a {@link FaceSchedule} chooses. One platform thread; closed
 * by who made it.
 */
public final class FaceSampler implements AutoCloseable {
  private final FaceDetector detector;
  private final PictureScaler scaler;
  private final GreySampler sampler = new GreySampler();
  private final Orientation orientation;

  /**
   * @param model as {@link FaceDetector#open} takes it
   * @param orientation how a player turns the pictures
   */
  public FaceSampler(Optional<Path> model, Orientation orientation) {
    this.orientation = orientation;
    detector = FaceDetector.open(model);
    scaler =
        new PictureScaler(
            new PictureScaler.Form(
                detector.pixelFormat(),
                AVCOL_SPC_UNSPECIFIED,
                AVCOL_RANGE_JPEG,
                PictureScaler.Light.KEPT),
            orientation,
            SWS_AREA);
  }

  /**
   * Looks at a picture.
   *
   * @param picture borrowed for the call
   * @param motion since the picture before
   */
  public FaceTracks.Sighting look(AVFrame picture, long atUs, Optional<MotionCentre> motion) {
    PictureSize size =
        PictureSize.shown(picture, orientation).within(detector.sidePx(), detector.sidePx());
    return new FaceTracks.Sighting(atUs, detector.detect(scaled(picture, size)), motion);
  }

  private AVFrame scaled(AVFrame picture, PictureSize size) {
    boolean isGrey = detector.pixelFormat() == AV_PIX_FMT_GRAY8;
    return isGrey && orientation == Orientation.UPRIGHT && GreySampler.takes(picture, size)
        ? sampler.sample(picture, size)
        : scaler.scale(picture, size).pointer();
  }

  @Override
  public void close() {
    sampler.close();
    scaler.close();
    detector.close();
  }
}
