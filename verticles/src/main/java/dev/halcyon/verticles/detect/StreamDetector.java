package dev.halcyon.verticles.detect;

import dev.halcyon.core.clip.ClipReason;
import dev.halcyon.core.clip.ClipRequested;
import dev.halcyon.core.clip.ClipWindow;
import dev.halcyon.core.detect.AudioLevel;
import dev.halcyon.core.detect.DetectionSettings;
import dev.halcyon.core.detect.Highlight;
import dev.halcyon.core.detect.HighlightChange;
import dev.halcyon.core.detect.SceneScore;
import dev.halcyon.core.detect.Signal;
import dev.halcyon.core.detect.SignalKind;
import dev.halcyon.core.detect.SoundTags;
import dev.halcyon.core.detect.StreamDetection;
import dev.halcyon.core.event.StreamEvent.HighlightDetected;
import dev.halcyon.core.event.StreamEvent.LevelsMeasured;
import dev.halcyon.core.event.StreamEvent.SignalRaised;
import dev.halcyon.core.speech.SpeechWindow;
import dev.halcyon.core.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * One stream's detection where its taps run: takes what they measure and hands on signals,
 * highlights, clip requests and, once a second, levels. The taps' threads call it, at the same time
 * if they like; a call takes microseconds. Nothing to close; {@link #end} when the media ends.
 */
public final class StreamDetector {
  private static final int LEVELS_OF_A_MESSAGE = 10;

  private final UUID workspaceId;
  private final UUID streamId;
  private final Supplier<DetectionSettings> currentSettings;
  private final Clock clock;
  private final DetectionSink sink;
  private final ReentrantLock lock = new ReentrantLock();
  private final ArrivalTimes audioArrivals = new ArrivalTimes();
  private final ArrivalTimes videoArrivals = new ArrivalTimes();
  private final List<Double> levels = new ArrayList<>(LEVELS_OF_A_MESSAGE);
  private final StreamDetection detection;
  private DetectionSettings settings;
  private long firstLevelUs;
  private long spokenFromUs = Long.MIN_VALUE;

  StreamDetector(
      UUID workspaceId,
      UUID streamId,
      Supplier<DetectionSettings> currentSettings,
      Clock clock,
      DetectionSink sink) {
    this.workspaceId = workspaceId;
    this.streamId = streamId;
    this.currentSettings = currentSettings;
    this.clock = clock;
    this.sink = sink;
    this.settings = currentSettings.get();
    this.detection = new StreamDetection(settings, new Reporter());
  }

  /**
   * @param arrivalUs wall clock at which the last media that the level measures arrived
   */
  public void onLevel(AudioLevel level, long arrivalUs) {
    lock.lock();
    try {
      audioArrivals.add(level.atUs(), arrivalUs);
      applySettings();
      collect(level);
      detection.onLevel(level);
    } finally {
      lock.unlock();
    }
  }

  /**
   * @param arrivalUs wall clock at which the picture arrived
   */
  public void onScene(SceneScore score, long arrivalUs) {
    lock.lock();
    try {
      videoArrivals.add(score.atUs(), arrivalUs);
      applySettings();
      detection.onScene(score);
    } finally {
      lock.unlock();
    }
  }

  /** Takes what a tagger heard; its threads call it, in order of time. */
  public void onTags(SoundTags tags) {
    lock.lock();
    try {
      applySettings();
      detection.onTags(tags);
    } finally {
      lock.unlock();
    }
  }

  /** Takes a window of speech, as it grows and once it ends; the begin of each is a signal. */
  public void onSpeech(SpeechWindow window) {
    lock.lock();
    try {
      if (window.fromUs() > spokenFromUs) {
        spokenFromUs = window.fromUs();
        applySettings();
        detection.onSignal(
            new Signal(SignalKind.SPEECH, Math.max(0, window.fromUs()), 1, "somebody speaks"));
      }
    } finally {
      lock.unlock();
    }
  }

  /** No more media comes for now: hands on what waits for more, levels and a rising sound. */
  public void end() {
    lock.lock();
    try {
      detection.onEnd();
      publishLevels();
    } finally {
      lock.unlock();
    }
  }

  private void applySettings() {
    DetectionSettings current = currentSettings.get();
    if (!current.equals(settings)) {
      settings = current;
      detection.reconfigure(current);
    }
  }

  private void collect(AudioLevel level) {
    if (level.atUs() != firstLevelUs + levels.size() * AudioLevel.STEP_US) {
      publishLevels();
    }
    if (levels.isEmpty()) {
      firstLevelUs = level.atUs();
    }
    // A tenth of a dB is more than a chart shows.
    levels.add(Math.round(level.momentaryLufs() * 10) / 10.0);
    if (levels.size() == LEVELS_OF_A_MESSAGE) {
      publishLevels();
    }
  }

  private void publishLevels() {
    if (!levels.isEmpty()) {
      sink.publish(
          new LevelsMeasured(
              workspaceId, streamId, now(), firstLevelUs, AudioLevel.STEP_US, levels));
      levels.clear();
    }
  }

  private Instant now() {
    return Instant.EPOCH.plus(clock.wallUs(), ChronoUnit.MICROS);
  }

  /** Turns findings into messages. Called under the lock. */
  private final class Reporter implements StreamDetection.Findings {
    private Signal newest;

    @Override
    public void onSignal(Signal signal) {
      newest = signal;
      sink.publish(new SignalRaised(workspaceId, streamId, now(), signal));
    }

    @Override
    public void onHighlight(HighlightChange change) {
      switch (change) {
        case HighlightChange.Opened(Highlight highlight) -> open(highlight);
        case HighlightChange.Extended(Highlight highlight) -> sink.extend(streamId, highlight);
      }
    }

    private void open(Highlight highlight) {
      sink.publish(new HighlightDetected(workspaceId, streamId, now(), highlight));
      sink.request(
          new ClipRequested(
              workspaceId,
              streamId,
              new ClipWindow.StreamTime(highlight.fromUs(), highlight.toUs()),
              true,
              Optional.empty(),
              "",
              highlight.score(),
              ClipReason.highlight(highlight.signals()),
              arrivalOf(newest)));
    }

    private long arrivalOf(Signal signal) {
      return switch (signal.kind()) {
        case SCENE_CHANGE -> videoArrivals.of(signal.atUs());
        default -> audioArrivals.of(signal.atUs());
      };
    }
  }
}
