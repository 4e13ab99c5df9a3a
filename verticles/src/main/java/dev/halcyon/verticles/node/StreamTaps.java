package dev.halcyon.verticles.node;

import dev.halcyon.codecs.audio.AudioBlock;
import dev.halcyon.core.detect.AudioLevel;
import dev.halcyon.core.detect.SceneScore;
import dev.halcyon.core.detect.SoundTags;
import dev.halcyon.core.speech.SpeechWindow;
import dev.halcyon.verticles.detect.DetectorVerticle;
import dev.halcyon.verticles.detect.StreamDetector;
import dev.halcyon.verticles.inference.Inference;
import dev.halcyon.verticles.inference.SoundFindings;
import dev.halcyon.verticles.inference.StreamSound;
import dev.halcyon.verticles.ops.Metrics;
import dev.halcyon.verticles.stream.LiveStream;
import dev.halcyon.verticles.stream.StreamWatch;
import dev.halcyon.verticles.stream.tap.AudioTap;
import dev.halcyon.verticles.stream.tap.SoundListener;
import dev.halcyon.verticles.stream.tap.Tap;
import dev.halcyon.verticles.stream.tap.TapListener;
import dev.halcyon.verticles.stream.tap.TapScheduler;
import dev.halcyon.verticles.stream.tap.VideoTap;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/** Gives each watched stream its taps and its detector. Any thread. */
final class StreamTaps implements StreamWatch, AutoCloseable {
  private static final double US_PER_S = TimeUnit.SECONDS.toMicros(1);

  private static final long END_LIMIT_NS = TimeUnit.SECONDS.toNanos(1);
  private static final long END_LOOK_NS = TimeUnit.MILLISECONDS.toNanos(10);

  private final DetectorVerticle detectors;
  private final Inference inference;
  private final TapScheduler scheduler;
  private final Map<UUID, Watched> watched = new ConcurrentHashMap<>();
  private final AtomicLong endings = new AtomicLong();
  private final Map<Long, CompletableFuture<Void>> ending = new ConcurrentHashMap<>();

  private record Watched(AudioTap audio, VideoTap video, StreamDetector detector) {}

  /**
   * @param detectors deployed before the first stream is watched
   * @param inference its models listen to each stream
   */
  StreamTaps(DetectorVerticle detectors, Inference inference, int threads, Metrics metrics) {
    this.detectors = detectors;
    this.inference = inference;
    this.scheduler = new TapScheduler(threads);
    metrics.tapLag(Metrics.Tap.AUDIO, () -> worstLagS(Watched::audio));
    metrics.tapLag(Metrics.Tap.VIDEO, () -> worstLagS(Watched::video));
  }

  @Override
  public void start(LiveStream stream) {
    watched.computeIfAbsent(stream.id(), id -> watch(stream));
  }

  private Watched watch(LiveStream stream) {
    StreamDetector detector =
        detectors.detector(stream.workspaceId(), stream.id(), () -> stream.settings().detection());
    TapListener listener = new DetectorFeed(detector);
    Watched taps =
        new Watched(
            new AudioTap(stream.ring(), listener, Optional.of(models(stream, detector))),
            new VideoTap(stream.ring(), listener),
            detector);
    scheduler.add(taps.audio());
    scheduler.add(taps.video());
    return taps;
  }

  private SoundListener models(LiveStream stream, StreamDetector detector) {
    return new ModelFeed(
        new StreamSound(stream.workspaceId(), stream.id(), inference, new ModelFindings(detector)));
  }

  @Override
  public void ended(LiveStream stream) {
    of(stream)
        .ifPresent(
            taps -> {
              long number = endings.incrementAndGet();
              ending.put(number, new CompletableFuture<>());
              Thread.ofVirtual().name("detection-end").start(() -> end(taps, number));
            });
  }

  /** Lets the sound be heard to its end, then what is still rising be raised. */
  private void end(Watched taps, long number) {
    try {
      long deadlineNs = System.nanoTime() + END_LIMIT_NS;
      while (taps.audio().lagUs() > 0 && System.nanoTime() - deadlineNs < 0) {
        LockSupport.parkNanos(END_LOOK_NS);
      }
      taps.detector().end();
    } finally {
      ending.remove(number).complete(null);
    }
  }

  @Override
  public Future<Void> settled() {
    return Future.fromCompletionStage(
        CompletableFuture.allOf(ending.values().toArray(CompletableFuture[]::new)));
  }

  @Override
  public void stop(LiveStream stream) {
    Watched taps = watched.remove(stream.id());
    if (taps != null) {
      taps.audio().stop().join();
      taps.video().stop().join();
    }
  }

  @Override
  public OptionalLong audioLagUs(LiveStream stream) {
    return lagUs(stream, Watched::audio);
  }

  @Override
  public OptionalLong videoLagUs(LiveStream stream) {
    return lagUs(stream, Watched::video);
  }

  private OptionalLong lagUs(LiveStream stream, Function<Watched, Tap> tap) {
    return of(stream)
        .map(taps -> OptionalLong.of(tap.apply(taps).lagUs()))
        .orElse(OptionalLong.empty());
  }

  private Optional<Watched> of(LiveStream stream) {
    return Optional.ofNullable(watched.get(stream.id()));
  }

  private double worstLagS(Function<Watched, Tap> tap) {
    return watched.values().stream().mapToLong(taps -> tap.apply(taps).lagUs()).max().orElse(0)
        / US_PER_S;
  }

  @Override
  public void close() {
    scheduler.close();
  }

  /** The tap's sound goes to the models … */
  private record ModelFeed(StreamSound sound) implements SoundListener {
    @Override
    public void onSound(AudioBlock block) {
      sound.onSound(block);
    }

    @Override
    public void free() {
      sound.close();
    }
  }

  /** … and what they hear to the detector, on their threads. */
  private record ModelFindings(StreamDetector detector) implements SoundFindings {
    @Override
    public void onTags(SoundTags tags) {
      detector.onTags(tags);
    }

    @Override
    public void onSpeech(SpeechWindow window) {
      detector.onSpeech(window);
    }
  }

  /** What taps measure goes to the detector, on their thread. */
  private record DetectorFeed(StreamDetector detector) implements TapListener {
    @Override
    public void onLevel(AudioLevel level, long arrivalUs) {
      detector.onLevel(level, arrivalUs);
    }

    @Override
    public void onScene(SceneScore score, long arrivalUs) {
      detector.onScene(score, arrivalUs);
    }
  }
}
