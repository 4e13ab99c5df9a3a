package dev.halcyon.codecs.analyse;

import dev.halcyon.codecs.decode.Picture;
import dev.halcyon.codecs.face.FaceSchedule;
import dev.halcyon.codecs.face.FaceTracks;
import dev.halcyon.codecs.video.CutFinder;
import dev.halcyon.codecs.video.FrameScaler;
import dev.halcyon.codecs.video.SmallPicture;
import dev.halcyon.core.analysis.AnalysisPart;
import dev.halcyon.core.analysis.FaceAnalysis;
import dev.halcyon.core.analysis.FrameIndex;
import dev.halcyon.core.analysis.SceneAnalysis;
import dev.halcyon.core.analysis.SceneCut;
import java.util.List;
import java.util.Optional;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Looks at every picture of a file as it is decoded: for cuts on one thread of its own, for faces
 * on another. Its methods are for the one platform thread that decodes; closed by who made it.
 */
final class PictureAnalyser implements AutoCloseable {
  /** Pictures that wait while one is looked at; as many more smooth out what takes longer. */
  private static final int WAITING = 4;

  private final FrameIndex.Builder index = new FrameIndex.Builder();
  private final CutFinder cuts = new CutFinder();
  private final MotionMeter motion;
  private final FaceSchedule schedule = new FaceSchedule();
  private final Optional<FaceLane> faces;
  private final PictureLane<Long> lane;
  private long lastUs = Long.MIN_VALUE;

  PictureAnalyser(AnalysisInput input) {
    motion = new MotionMeter(input.orientation());
    faces =
        input.isWanted(AnalysisPart.FACES) && input.picture().isPresent()
            ? Optional.of(new FaceLane(input.options().faceModel(), input.orientation()))
            : Optional.empty();
    try {
      lane = new PictureLane<>("analyse-cuts", WAITING, Viewer::new);
    } catch (RuntimeException failure) {
      faces.ifPresent(FaceLane::close);
      throw failure;
    }
  }

  /** Takes the next picture; one that is not after the last is passed over. */
  void onPicture(AVFrame picture, long atUs) {
    if (atUs > lastUs) {
      lastUs = atUs;
      lane.give(picture, atUs);
    }
  }

  /** On the lane's thread. */
  private final class Viewer implements PictureLane.Viewer<Long> {
    private final FrameScaler scaler = FrameScaler.quick();

    @Override
    public void onPicture(AVFrame picture, Long atUs) {
      if ((picture.flags() & AVFrame.AV_FRAME_FLAG_KEY) != 0) {
        index.addKeyframe(atUs);
      } else {
        index.add(atUs);
      }
      SmallPicture small = scaler.scale(new Picture(atUs, picture));
      boolean isCutKnown = cuts.add(small);
      faces.ifPresent(looker -> lookForFaces(looker, picture, small, isCutKnown));
    }

    private void lookForFaces(
        FaceLane looker, AVFrame picture, SmallPicture small, boolean isCutKnown) {
      if (isCutKnown) {
        schedule.onCut();
      }
      if (schedule.take(small.ptsUs())) {
        looker.look(picture, small.ptsUs(), motion.measure(small));
      }
      motion.remember(small);
    }

    @Override
    public void close() {
      scaler.close();
    }
  }

  /** No picture follows: waits until all were looked at; only then is there anything to ask for. */
  void finish() {
    lane.finish();
    faces.ifPresent(FaceLane::finish);
  }

  boolean hasPictures() {
    return index.frames() > 0;
  }

  /**
   * @param endUs when the last picture ends
   */
  FrameIndex index(long endUs) {
    return index.build(Math.max(endUs, lastUs + 1));
  }

  List<SceneCut> cuts() {
    return cuts.end();
  }

  Optional<FaceAnalysis> faces(SceneAnalysis scenes) {
    return faces.map(looker -> FaceTracks.follow(looker.sightings(), scenes.shots()));
  }

  /** Of the processor, for cuts. */
  long cutsNs() {
    return lane.cpuNs();
  }

  /** Of the processor, for faces. */
  long facesNs() {
    return faces.map(FaceLane::cpuNs).orElse(0L);
  }

  @Override
  public void close() {
    lane.close();
    faces.ifPresent(FaceLane::close);
  }
}
