package dev.halcyon.core.detect;

import java.util.Locale;
import java.util.Optional;

/**
 * Turns one stream's levels into {@code loud_moment} and {@code crowd_reaction}. A pure function of
 * the levels handed in so far; one thread.
 *
 * <p>A burst begins where the level stands out by {@value #ON} and ends once it has been under
 * {@value #OFF} for 300 ms. Its signal is raised where its level has stopped growing for 300 ms, at
 * the latest after 1 s, and again where it later grows by {@value #GROWTH}. While it may still
 * prove to be a crowd ({@link SoundTexture}), the signal waits for that; a burst raised as loud
 * that turns into a crowd is raised once more as one.
 */
public final class AudioSignals {
  private static final double ON = 0.25;
  private static final double OFF = 0.1;
  private static final double GROWTH = 0.2;

  /** A rise by less is none. */
  private static final double LEVEL_DB = 0.5;

  private static final int END_VALUES = 3;
  private static final int LEAST_VALUES = 2;
  private static final long PLATEAU_US = 300_000;
  private static final long LATEST_US = 1_000_000;
  private static final long DISCONTINUITY_US = 1_000_000;

  /** Where a burst stands. */
  private enum Phase {
    QUIET,
    RISING,
    RAISED
  }

  private final LevelBaseline baseline = new LevelBaseline();
  private final SoundTexture texture = new SoundTexture();
  private Phase phase = Phase.QUIET;
  private long lastUs;
  private long risingSinceUs;
  private long peakUs;
  private double peak;
  private double peakLufs;
  private double raised;
  private boolean isCrowdRaised;
  private int loudValues;
  private int quietValues;

  /** Takes the next level; those of one stream come in order of time. */
  public Optional<Signal> onLevel(AudioLevel level) {
    if (Math.abs(level.atUs() - lastUs) > DISCONTINUITY_US) {
      phase = Phase.QUIET;
    }
    lastUs = level.atUs();
    double strength = baseline.strength(level.momentaryLufs());
    Optional<Signal> signal =
        switch (phase) {
          case QUIET -> onQuiet(level, strength);
          case RISING -> onRising(level, strength);
          case RAISED -> onRaised(level, strength);
        };
    teach(level.momentaryLufs());
    return signal;
  }

  /** The sound ends here: what is still rising is as strong as it will be. */
  public Optional<Signal> onEnd() {
    boolean isCutShort = phase == Phase.RISING && loudValues >= LEAST_VALUES;
    phase = Phase.QUIET;
    return isCutShort
        ? raise(texture.isCrowd() ? SignalKind.CROWD_REACTION : SignalKind.LOUD_MOMENT)
        : Optional.empty();
  }

  private Optional<Signal> onQuiet(AudioLevel level, double strength) {
    if (strength >= ON) {
      raised = 0;
      isCrowdRaised = false;
      loudValues = 0;
      quietValues = 0;
      texture.begin();
      rise(level, strength);
      follow(level, strength);
    }
    return Optional.empty();
  }

  private Optional<Signal> onRising(AudioLevel level, double strength) {
    follow(level, strength);
    if (hasEnded()) {
      phase = Phase.QUIET;
      return loudValues < LEAST_VALUES ? Optional.empty() : raise(SignalKind.LOUD_MOMENT);
    }
    long age = level.atUs() - risingSinceUs;
    boolean isLevel = level.atUs() - peakUs >= PLATEAU_US;
    if (age < LATEST_US && (!isLevel || texture.mayBecomeCrowd())) {
      return Optional.empty();
    }
    phase = Phase.RAISED;
    return raise(texture.isCrowd() ? SignalKind.CROWD_REACTION : SignalKind.LOUD_MOMENT);
  }

  private Optional<Signal> onRaised(AudioLevel level, double strength) {
    follow(level, strength);
    if (hasEnded()) {
      phase = Phase.QUIET;
    } else if (strength >= raised + GROWTH) {
      rise(level, strength);
    } else if (strength >= ON && !isCrowdRaised && texture.isCrowd()) {
      peak(level, strength);
      return raise(SignalKind.CROWD_REACTION);
    }
    return Optional.empty();
  }

  private void rise(AudioLevel level, double strength) {
    phase = Phase.RISING;
    risingSinceUs = level.atUs();
    peak(level, strength);
  }

  private void peak(AudioLevel level, double strength) {
    peak = strength;
    peakUs = level.atUs();
    peakLufs = level.momentaryLufs();
  }

  private void follow(AudioLevel level, double strength) {
    texture.add(level);
    loudValues += strength >= ON ? 1 : 0;
    quietValues = strength < OFF ? quietValues + 1 : 0;
    if (phase == Phase.RISING && level.momentaryLufs() > peakLufs + LEVEL_DB) {
      peak(level, strength);
    }
  }

  private boolean hasEnded() {
    return quietValues >= END_VALUES;
  }

  private Optional<Signal> raise(SignalKind kind) {
    boolean isCrowdNow = kind == SignalKind.CROWD_REACTION;
    if (baseline.isSilent() && !isCrowdNow) {
      // After silence a voice or music is the programme beginning. Not again in this burst.
      raised = 1;
      return Optional.empty();
    }
    raised = peak;
    isCrowdRaised |= isCrowdNow;
    String detail =
        String.format(
            Locale.ROOT,
            "%.0f LUFS, %.0f dB over the usual",
            peakLufs,
            peakLufs - baseline.medianDb());
    long middleUs = Math.max(0, peakUs - AudioLevel.WINDOW_US / 2);
    return Optional.of(new Signal(kind, middleUs, peak, detail));
  }

  private void teach(double lufs) {
    boolean wasSilent = baseline.isSilent();
    boolean isUsual = phase == Phase.QUIET || (wasSilent && !isCrowdRaised);
    boolean isOther;
    if (isUsual) {
      baseline.learn(lufs);
      isOther = wasSilent && !baseline.isSilent();
    } else {
      isOther = baseline.withhold(lufs);
    }
    // What stood out from the former baseline says nothing about the new one.
    phase = isOther ? Phase.QUIET : phase;
  }
}
