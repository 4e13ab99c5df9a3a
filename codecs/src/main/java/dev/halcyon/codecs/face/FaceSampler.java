package dev.halcyon.codecs.face;

import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_UNSPECIFIED;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BILINEAR;

import dev.halcyon.codecs.video.PictureScaler;
import dev.halcyon.codecs.video.PictureSize;
import dev.halcyon.core.analysis.MotionCentre;
import dev.halcyon.core.media.Orientation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Looks for faces in some of the pictures of a file: two a second, and more when told that a shot
 * begins. One platform thread; closed by who made it.
 */
public final class FaceSampler implements AutoCloseable {
  private static final long EVERY_US = 500_000;

  /** After a cut, so many samples follow each other sooner. */
  private static final int DENSE_SAMPLES = 2;

  private static final long DENSE_US = 160_000;

  /** Two samples of a long shot lie this far apart at least, whatever the rate of pictures. */
  private static final long STAMP_US = 2_000;

  private final FaceDetector detector;
  private final PictureScaler scaler;
  private final Orientation orientation;
  private final List<FaceTracks.Sighting> sightings = new ArrayList<>();
  private long nextUs = Long.MIN_VALUE;
  private int dense;

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
            SWS_BILINEAR);
  }

  /** A shot has begun just now: look closely. */
  public void onCut() {
    dense = DENSE_SAMPLES;
    nextUs = Long.MIN_VALUE;
  }

  /** Whether the picture at this time is to be looked at. */
  public boolean isDue(long atUs) {
    return atUs + STAMP_US >= nextUs;
  }

  /**
   * Looks at a picture.
   *
   * @param picture borrowed for the call
   * @param motion since the picture before
   */
  public void look(AVFrame picture, long atUs, Optional<MotionCentre> motion) {
    nextUs = atUs + (dense > 0 ? DENSE_US : EVERY_US);
    dense = Math.max(0, dense - 1);
    PictureSize size =
        PictureSize.shown(picture, orientation).within(detector.sidePx(), detector.sidePx());
    AVFrame scaled = scaler.scale(picture, size).pointer();
    sightings.add(new FaceTracks.Sighting(atUs, detector.detect(scaled), motion));
  }

  /** What was seen so far, in the order of looking. */
  public List<FaceTracks.Sighting> sightings() {
    return List.copyOf(sightings);
  }

  @Override
  public void close() {
    scaler.close();
    detector.close();
  }
}
