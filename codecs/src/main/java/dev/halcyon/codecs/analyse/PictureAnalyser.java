package dev.halcyon.codecs.analyse;

import dev.halcyon.codecs.decode.Picture;
import dev.halcyon.codecs.face.FaceSampler;
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
 * Looks at every picture of a file as it is decoded. One platform thread; closed by who made it.
 */
final class PictureAnalyser implements AutoCloseable {
  private final FrameIndex.Builder index = new FrameIndex.Builder();
  private final FrameScaler scaler = FrameScaler.quick();
  private final CutFinder cuts = new CutFinder();
  private final MotionMeter motion;
  private final Optional<FaceSampler> faces;
  private long lastUs = Long.MIN_VALUE;

  PictureAnalyser(AnalysisInput input) {
    motion = new MotionMeter(input.orientation());
    try {
      faces =
          input.isWanted(AnalysisPart.FACES) && input.picture().isPresent()
              ? Optional.of(new FaceSampler(input.options().faceModel(), input.orientation()))
              : Optional.empty();
    } catch (RuntimeException failure) {
      scaler.close();
      throw failure;
    }
  }

  /** Takes the next picture; one that is not after the last is passed over. */
  void onPicture(AVFrame picture, long atUs) {
    if (atUs <= lastUs) {
      return;
    }
    lastUs = atUs;
    if ((picture.flags() & AVFrame.AV_FRAME_FLAG_KEY) != 0) {
      index.addKeyframe(atUs);
    } else {
      index.add(atUs);
    }
    SmallPicture small = scaler.scale(new Picture(atUs, picture));
    boolean isCutKnown = cuts.add(small);
    faces.ifPresent(sampler -> lookForFaces(sampler, picture, small, isCutKnown));
  }

  private void lookForFaces(
      FaceSampler sampler, AVFrame picture, SmallPicture small, boolean isCutKnown) {
    if (isCutKnown) {
      sampler.onCut();
    }
    if (sampler.isDue(small.ptsUs())) {
      sampler.look(picture, small.ptsUs(), motion.measure(small));
    }
    motion.remember(small);
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
    return faces.map(sampler -> FaceTracks.follow(sampler.sightings(), scenes.shots()));
  }

  @Override
  public void close() {
    scaler.close();
    faces.ifPresent(FaceSampler::close);
  }
}
