package dev.halcyon.codecs.analyse;

import dev.halcyon.codecs.decode.Picture;
import dev.halcyon.codecs.face.FaceSampler;
import dev.halcyon.codecs.face.FaceSchedule;
import dev.halcyon.codecs.face.FaceTracks;
import dev.halcyon.codecs.video.FrameScaler;
import dev.halcyon.codecs.video.SceneScorer;
import dev.halcyon.core.analysis.Analysis;
import dev.halcyon.core.analysis.AnalysisPart;
import dev.halcyon.core.analysis.FaceAnalysis;
import dev.halcyon.core.analysis.FrameIndex;
import dev.halcyon.core.analysis.SceneAnalysis;
import dev.halcyon.core.analysis.SceneCut;
import dev.halcyon.core.analysis.SoundAnalysis;
import dev.halcyon.core.analysis.TimeSpan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * The keyframes and all of the sound, then every picture between two keyframes that differ: there
 * is the cut. One platform thread; closed by who made it.
 */
final class CoarseAnalysis implements AutoCloseable {
  /** Two keyframes of one shot differ by less, unless much moves. */
  private static final double OTHER_SHOT = 0.14;

  /** Two that differ by this are of different shots whatever lies between. */
  private static final double SURELY_OTHER = 0.35;

  /** Of the usual distance of keyframes: an encoder set one before it had to, at a cut. */
  private static final double SOONER = 0.9;

  /** Beside two that differ, two that differ by this may be the begin or end of a slow change. */
  private static final double PERHAPS = 0.03;

  /** Part of the whole that the reading of the keyframes is, for the listener. */
  private static final double FIRST_PART = 0.6;

  private final AnalysisInput input;
  private final FrameIndex.Builder index = new FrameIndex.Builder();
  private final SceneScorer scorer = new SceneScorer();
  private final List<Interval> intervals = new ArrayList<>();
  private final PictureGroups groups;
  private final FrameScaler scaler = FrameScaler.quick();
  private final Optional<FaceSampler> faces;
  private final FaceSchedule schedule = new FaceSchedule();
  private final List<FaceTracks.Sighting> sightings = new ArrayList<>();
  private long lastUs = Long.MIN_VALUE;
  private long longestUs;

  /**
   * Between two keyframes that differ at least a little.
   *
   * @param hasPeak whether a packet in it stands out by its size
   */
  private record Interval(TimeSpan span, double difference, boolean hasPeak) {}

  private CoarseAnalysis(AnalysisInput input) {
    this.input = input;
    groups = new PictureGroups(input);
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

  /** Empty when the file cannot be searched: it has to be read as a whole. */
  static Optional<Analysis> run(AnalysisInput input) {
    try (CoarseAnalysis analysis = new CoarseAnalysis(input)) {
      return analysis.run();
    }
  }

  private Optional<Analysis> run() {
    long durationUs = input.probe().durationUs();
    input.progress().begin(0, FIRST_PART, 0, durationUs);
    SoundAnalyser heard = new SoundAnalyser();
    long damagedPackets;
    long endUs;
    try (Decoders decoders =
        new Decoders(
            input, PictureDecoder.Mode.KEYFRAMES, this::onKeyframe, heard::add, groups::onPacket)) {
      decoders.read();
      damagedPackets = decoders.damagedPackets();
      endUs = Math.max(decoders.pictureEndUs(), lastUs + 1);
    }
    Optional<SoundAnalysis> sound =
        input.sound().isPresent() ? Optional.of(heard.end(durationUs)) : Optional.empty();
    if (input.picture().isEmpty()) {
      return Optional.of(
          new Analysis(
              Optional.empty(), sound, Optional.empty(), Optional.empty(), damagedPackets));
    }
    if (index.frames() == 0) {
      return Optional.empty();
    }
    return new CutSearch(input)
        .find(suspects(), FIRST_PART)
        .map(cuts -> result(cuts, endUs, sound, damagedPackets));
  }

  private Analysis result(
      List<SceneCut> cuts, long endUs, Optional<SoundAnalysis> sound, long damagedPackets) {
    FrameIndex keyframes = index.build(endUs);
    TimeSpan span = new TimeSpan(keyframes.ptsUs(0), keyframes.endUs());
    SceneAnalysis scenes = new SceneAnalysis(span, cuts);
    Optional<FaceAnalysis> seen =
        faces.map(sampler -> FaceTracks.follow(sightings, scenes.shots()));
    return new Analysis(
        Optional.of(keyframes),
        sound,
        Optional.of(scenes).filter(all -> input.isWanted(AnalysisPart.SCENES)),
        seen,
        damagedPackets);
  }

  private void onKeyframe(AVFrame picture, long atUs) {
    if (atUs <= lastUs) {
      return;
    }
    index.addKeyframe(atUs);
    scorer
        .score(scaler.scale(new Picture(atUs, picture)))
        .filter(score -> score.difference() >= PERHAPS)
        .ifPresent(
            score ->
                intervals.add(
                    new Interval(
                        new TimeSpan(lastUs, atUs), score.difference(), groups.hasPeak(lastUs))));
    longestUs = Math.max(longestUs, index.frames() > 1 ? atUs - lastUs : 0);
    groups.forgetBefore(atUs);
    lastUs = atUs;
    faces.filter(sampler -> schedule.take(atUs)).ifPresent(sampler -> look(sampler, picture, atUs));
  }

  private void look(FaceSampler sampler, AVFrame picture, long atUs) {
    long fromNs = CpuTime.ofThisThreadNs();
    sightings.add(sampler.look(picture, atUs, Optional.empty()));
    input.clock().tookHere(AnalysisPart.FACES, CpuTime.ofThisThreadNs() - fromNs);
  }

  /** The intervals that hold a cut, with their neighbours; those that touch are read as one. */
  private List<TimeSpan> suspects() {
    List<TimeSpan> suspects = new ArrayList<>();
    for (int i = 0; i < intervals.size(); i++) {
      TimeSpan span = intervals.get(i).span();
      if (isSuspect(i) || isSuspectBeside(i - 1, span) || isSuspectBeside(i + 1, span)) {
        if (!suspects.isEmpty() && suspects.getLast().toUs() == span.fromUs()) {
          span = new TimeSpan(suspects.removeLast().fromUs(), span.toUs());
        }
        suspects.add(span);
      }
    }
    return suspects;
  }

  private boolean isSuspect(int number) {
    Interval interval = intervals.get(number);
    return interval.difference() >= SURELY_OTHER
        || (interval.difference() >= OTHER_SHOT
            && (interval.hasPeak() || interval.span().lengthUs() < SOONER * longestUs));
  }

  private boolean isSuspectBeside(int number, TimeSpan span) {
    if (number < 0 || number >= intervals.size()) {
      return false;
    }
    TimeSpan other = intervals.get(number).span();
    return (other.toUs() == span.fromUs() || other.fromUs() == span.toUs()) && isSuspect(number);
  }

  @Override
  public void close() {
    faces.ifPresent(FaceSampler::close);
    scaler.close();
  }
}
