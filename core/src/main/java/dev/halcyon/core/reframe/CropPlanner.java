package dev.halcyon.core.reframe;

import dev.halcyon.core.analysis.FaceAnalysis;
import dev.halcyon.core.analysis.FaceSample;
import dev.halcyon.core.analysis.SceneAnalysis;
import dev.halcyon.core.analysis.SceneCut;
import dev.halcyon.core.analysis.TimeSpan;
import dev.halcyon.core.reframe.ReframeOptions.Fit;
import dev.halcyon.core.reframe.ReframeOptions.Several;
import dev.halcyon.core.reframe.Subject.Box;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Plans how a window of a video is framed in another aspect. Each shot is planned by itself and as
 * a whole: who matters in it is known before the camera moves, it stands still while that face
 * stays about the middle, moves evenly when it has to, and jumps only where the source does. A pure
 * function; any thread.
 */
public final class CropPlanner {
  /** Aspects nearer than this are one: half a pixel of 2,000. */
  private static final double SAME = 0.0005;

  /** A camera goes nearer until a face has this part of its rectangle's height. */
  private static final double FACE_HEIGHT = 0.15;

  /** The same where two share the frame. */
  private static final double SPLIT_FACE_HEIGHT = 0.3;

  private static final double MOST_SPLIT_ZOOM = 2.5;

  /** Two faces fit one rectangle when they take at most this part of it, at nearly all times. */
  private static final double BOTH_FIT = 0.86;

  private static final double NEARLY_ALL = 0.9;

  private final FaceAnalysis faces;
  private final double sourceRatio;
  private final Aspect target;
  private final ReframeOptions options;

  private CropPlanner(
      FaceAnalysis faces, double sourceRatio, Aspect target, ReframeOptions options) {
    this.faces = faces;
    this.sourceRatio = sourceRatio;
    this.target = target;
    this.options = options;
  }

  /**
   * @param faces may be {@link FaceAnalysis#NONE}
   * @param scenes only its cuts count
   * @param window media time, not empty
   * @param sourceWidthPx as shown
   * @param sourceHeightPx as shown
   */
  public static CropPath plan(
      FaceAnalysis faces,
      SceneAnalysis scenes,
      TimeSpan window,
      int sourceWidthPx,
      int sourceHeightPx,
      Aspect target,
      ReframeOptions options) {
    if (window.lengthUs() == 0) {
      throw new IllegalArgumentException("an empty window [fromUs=" + window.fromUs() + "]");
    }
    double sourceRatio = (double) sourceWidthPx / sourceHeightPx;
    CropPlanner planner = new CropPlanner(faces, sourceRatio, target, options);
    return new CropPath(target, shots(scenes, window).stream().map(planner::shot).toList());
  }

  private static List<TimeSpan> shots(SceneAnalysis scenes, TimeSpan window) {
    List<TimeSpan> shots = new ArrayList<>();
    long fromUs = window.fromUs();
    for (SceneCut cut : scenes.cuts()) {
      if (cut.atUs() > fromUs && cut.atUs() < window.toUs()) {
        shots.add(new TimeSpan(fromUs, cut.atUs()));
        fromUs = cut.atUs();
      }
    }
    shots.add(new TimeSpan(fromUs, window.toUs()));
    return shots;
  }

  private CropShot shot(TimeSpan span) {
    if (Math.abs(target.ratio() / sourceRatio - 1) < SAME) {
      return whole(span, CropLayout.SINGLE, "the source has this aspect");
    }
    if (options.fit() == Fit.PAD) {
      return whole(span, CropLayout.PAD, "all of the picture is shown");
    }
    List<FaceSample> samples = faces.within(span);
    List<Subject> subjects = new SubjectFinder(samples).find();
    return switch (subjects.size()) {
      case 0 -> followingMotion(span, samples);
      case 1 -> following(span, subjects.getFirst(), "follows the only face that matters");
      default -> followingTwo(span, subjects.getFirst(), subjects.getLast());
    };
  }

  private CropShot followingTwo(TimeSpan span, Subject first, Subject second) {
    Optional<Subject> both = Subject.both(first, second);
    if (both.isPresent() && isFitting(both.get())) {
      CropCamera camera =
          new ShotCamera(span, largest(), options.speedLimit()).following(both.get());
      return new CropShot(span, CropLayout.SINGLE, List.of(camera), "holds two faces");
    }
    boolean isNarrower = target.ratio() < sourceRatio;
    if (options.several() == Several.SPLIT && isNarrower) {
      return split(span, first, second);
    }
    return following(span, first, "follows the face that matters most");
  }

  private boolean isFitting(Subject both) {
    Framing framing = largest();
    long fitting =
        both.sights().stream()
            .filter(
                s ->
                    s.box().width() <= BOTH_FIT * framing.width()
                        && s.box().height() <= BOTH_FIT * framing.height())
            .count();
    return fitting >= NEARLY_ALL * both.sights().size();
  }

  private CropShot following(TimeSpan span, Subject subject, String why) {
    Framing framing = nearer(largest(), subject, FACE_HEIGHT, options.mostZoom());
    CropCamera camera = new ShotCamera(span, framing, options.speedLimit()).following(subject);
    return new CropShot(span, CropLayout.SINGLE, List.of(camera), why);
  }

  private CropShot followingMotion(TimeSpan span, List<FaceSample> samples) {
    CropCamera camera =
        new ShotCamera(span, largest(), options.speedLimit()).followingMotion(samples);
    boolean isMoving = samples.stream().anyMatch(ShotCamera::isMoving);
    String why = isMoving ? "no face: looks where it moves" : "neither face nor motion: the middle";
    return new CropShot(span, CropLayout.SINGLE, List.of(camera), why);
  }

  /** The one further left is the upper one. */
  private CropShot split(TimeSpan span, Subject first, Subject second) {
    boolean isLeft = first.median(Box::centreX) <= second.median(Box::centreX);
    List<CropCamera> cameras =
        List.of(half(span, isLeft ? first : second), half(span, isLeft ? second : first));
    return new CropShot(span, CropLayout.SPLIT, cameras, "shows two faces");
  }

  private CropCamera half(TimeSpan span, Subject subject) {
    Framing widest = Framing.of(sourceRatio, 2 * target.ratio());
    Framing framing = nearer(widest, subject, SPLIT_FACE_HEIGHT, MOST_SPLIT_ZOOM);
    return new ShotCamera(span, framing, options.speedLimit()).following(subject);
  }

  private Framing largest() {
    return Framing.of(sourceRatio, target.ratio());
  }

  private static Framing nearer(Framing framing, Subject subject, double part, double mostZoom) {
    double wanted = framing.height() * part / subject.median(Box::height);
    return framing.nearer(Math.clamp(wanted, 1, mostZoom));
  }

  private static CropShot whole(TimeSpan span, CropLayout layout, String why) {
    CropKey key = new CropKey(span.fromUs(), 0.5, 0.5, 1);
    return new CropShot(span, layout, List.of(new CropCamera(1, List.of(key))), why);
  }
}
