package dev.halcyon.core.speech;

import java.util.function.Consumer;

/**
 * Turns one stream's probabilities of speech into windows for a recogniser: from a little before
 * somebody begins to a little after they stop, at most {@value #MOST_US} µs. While a window grows
 * it is handed over as partial once a second of it. One that would become too long is cut where its
 * last seconds were least like speech, and the next begins there. A pure function of the calls so
 * far; one thread.
 */
public final class SpeechSegmenter {
  /** The longest window. */
  public static final long MOST_US = 15_000_000;

  /** Between two partials of a window. */
  public static final long PARTIAL_US = 1_000_000;

  private static final double SPEECH_FROM = 0.5;
  private static final double SILENCE_BELOW = 0.35;

  /** A shorter pause is inside of a sentence. */
  private static final long PAUSE_US = 400_000;

  /** Less is a click or a cough. */
  private static final long LEAST_US = 200_000;

  /** Consonants at both ends are quieter than the bound. */
  private static final long PAD_US = 160_000;

  /** Where a window that is too long may be cut, counted from its longest end. */
  private static final long CUT_WITHIN_US = 4_000_000;

  private static final long DISCONTINUITY_US = 200_000;

  private final Consumer<SpeechWindow> windows;
  private boolean isSpeaking;
  private long startUs;
  private long spokenUs;
  private long lastSpeechUs;
  private long nextPartialUs;
  private long lastToUs = Long.MIN_VALUE;
  private long earliestUs;
  private double weakest;
  private long weakestUs;

  /**
   * @param windows is told during the call that completes one, in order
   */
  public SpeechSegmenter(Consumer<SpeechWindow> windows) {
    this.windows = windows;
  }

  /**
   * Takes the next frame; frames follow each other.
   *
   * @param probability that somebody speaks in it, 0..1
   */
  public void onFrame(long fromUs, long toUs, double probability) {
    if (lastToUs == Long.MIN_VALUE || Math.abs(fromUs - lastToUs) > DISCONTINUITY_US) {
      end();
      earliestUs = fromUs;
    }
    lastToUs = toUs;
    if (!isSpeaking) {
      if (probability >= SPEECH_FROM) {
        begin(Math.max(earliestUs, fromUs - PAD_US), toUs);
        spokenUs = toUs - fromUs;
      }
      return;
    }
    if (probability >= SILENCE_BELOW) {
      lastSpeechUs = toUs;
      spokenUs += probability >= SPEECH_FROM ? toUs - fromUs : 0;
    }
    if (toUs - startUs > MOST_US - CUT_WITHIN_US && probability <= weakest) {
      weakest = probability;
      weakestUs = fromUs;
    }
    if (toUs - lastSpeechUs >= PAUSE_US) {
      end();
    } else if (toUs - startUs >= MOST_US) {
      cut(toUs);
    } else if (toUs >= nextPartialUs && spokenUs >= LEAST_US) {
      windows.accept(new SpeechWindow(startUs, toUs, false));
      nextPartialUs = toUs + PARTIAL_US;
    }
  }

  /** The sound ends here, for now. */
  public void end() {
    if (isSpeaking) {
      isSpeaking = false;
      long endUs = Math.min(lastToUs, lastSpeechUs + PAD_US);
      earliestUs = endUs;
      if (spokenUs >= LEAST_US) {
        windows.accept(new SpeechWindow(startUs, endUs, true));
      }
    }
  }

  private void begin(long fromUs, long toUs) {
    isSpeaking = true;
    startUs = fromUs;
    lastSpeechUs = toUs;
    nextPartialUs = fromUs + PARTIAL_US;
    weakest = 2;
  }

  private void cut(long toUs) {
    long atUs = weakestUs;
    windows.accept(new SpeechWindow(startUs, atUs, true));
    earliestUs = atUs;
    begin(atUs, toUs);
    // What was heard after the cut belongs to the next window, which so is never dropped as short.
    spokenUs = Math.max(LEAST_US, toUs - atUs);
  }
}
