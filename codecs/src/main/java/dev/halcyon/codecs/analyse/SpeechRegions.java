package dev.halcyon.codecs.analyse;

import dev.halcyon.core.analysis.TimeSpan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Tells speech and silence from the frames of a whole file.
 *
 * <p>Silence is what lies below a threshold between how quiet and how loud the file is. Speech is a
 * stretch in which many frames are voiced, the level swings as syllables make it, and so does the
 * number of zero crossings, between vowels and consonants (Saunders, "Real-time discrimination of
 * broadcast speech/music", 1996): music is voiced but steadier, a crowd neither. Frames are counted
 * in units of {@link SpeechFinder#FRAME_US}.
 */
final class SpeechRegions {
  private static final int SECOND = 50;

  /** Shorter silences are pauses between sounds. */
  private static final int LEAST_SILENCE = 15;

  /** Shorter noises do not end a silence: clicks. */
  private static final int LEAST_NOISE = 3;

  private static final int LEAST_SPEECH = 20;

  private static final int LOWEST_THRESHOLD_DB = -65;
  private static final int HIGHEST_THRESHOLD_DB = -38;
  private static final int OVER_FLOOR_DB = 8;
  private static final int UNDER_LOUD_DB = 24;

  private static final int VOICED = 55;
  private static final double BEGIN = 0.5;
  private static final double END = 0.2;

  private final byte[] levels;
  private final byte[] voicings;
  private final byte[] crossings;
  private final int frames;
  private final int thresholdDb;

  SpeechRegions(byte[] levels, byte[] voicings, byte[] crossings, int frames) {
    this.levels = levels;
    this.voicings = voicings;
    this.crossings = crossings;
    this.frames = frames;
    int floorDb = percentile(0.10);
    int loudDb = percentile(0.95);
    thresholdDb =
        Math.clamp(
            Math.min(floorDb + OVER_FLOOR_DB, loudDb - UNDER_LOUD_DB),
            LOWEST_THRESHOLD_DB,
            HIGHEST_THRESHOLD_DB);
  }

  /** Of the frames that are not digital silence. */
  private int percentile(double part) {
    int[] counts = new int[-SpeechFinder.LEAST_DB + 1];
    int all = 0;
    for (int i = 0; i < frames; i++) {
      if (levels[i] > SpeechFinder.LEAST_DB) {
        counts[levels[i] - SpeechFinder.LEAST_DB]++;
        all++;
      }
    }
    int seen = 0;
    for (int level = 0; level < counts.length; level++) {
      seen += counts[level];
      if (seen > all * part) {
        return level + SpeechFinder.LEAST_DB;
      }
    }
    return SpeechFinder.LEAST_DB;
  }

  SpeechFinder.Regions find(long durationUs) {
    boolean[] isSilent = silence();
    boolean[] isSpeech = speech(isSilent);
    return new SpeechFinder.Regions(
        spans(isSpeech, LEAST_SPEECH, durationUs, false),
        spans(isSilent, LEAST_SILENCE, durationUs, true));
  }

  private boolean[] silence() {
    boolean[] isSilent = new boolean[frames];
    for (int i = 0; i < frames; i++) {
      isSilent[i] = levels[i] < thresholdDb;
    }
    setShort(isSilent, false, LEAST_NOISE, true);
    setShort(isSilent, true, LEAST_SILENCE, false);
    return isSilent;
  }

  /** Runs of {@code value} shorter than {@code least} become {@code other}; not at the ends. */
  private void setShort(boolean[] values, boolean value, int least, boolean other) {
    int from = 0;
    while (from < frames) {
      int to = from;
      while (to < frames && values[to] == values[from]) {
        to++;
      }
      if (values[from] == value && to - from < least && from > 0 && to < frames) {
        Arrays.fill(values, from, to, other);
      }
      from = to;
    }
  }

  private boolean[] speech(boolean[] isSilent) {
    boolean[] isSpeech = new boolean[frames];
    boolean isOn = false;
    for (int i = 0; i < frames; i++) {
      double likeness = likeness(i);
      isOn = isOn ? likeness >= END : likeness >= BEGIN;
      isSpeech[i] = isOn && !isSilent[i];
    }
    for (int from = 0; from < frames; from++) {
      if (isSpeech[from] && (from == 0 || !isSpeech[from - 1])) {
        for (int i = from; i > Math.max(0, from - SECOND / 2) && !isSilent[i - 1]; i--) {
          isSpeech[i - 1] = true;
        }
      }
    }
    return isSpeech;
  }

  /** 0..1, over the second around a frame. */
  private double likeness(int frame) {
    int from = Math.max(0, frame - SECOND / 2);
    int to = Math.min(frames, frame + SECOND / 2);
    int voiced = 0;
    int audible = 0;
    Spread level = new Spread();
    Spread crossed = new Spread();
    for (int i = from; i < to; i++) {
      level.add(Math.max(levels[i], thresholdDb));
      if (levels[i] >= thresholdDb) {
        audible++;
        voiced += voicings[i] >= VOICED ? 1 : 0;
        crossed.add(crossings[i] / 100.0);
      }
    }
    if (audible < SECOND / 10) {
      return 0;
    }
    double swing = (ramp(level.value(), 3, 7) + ramp(crossed.value(), 0.03, 0.07)) / 2;
    return ramp((double) voiced / audible, 0.15, 0.45) * swing;
  }

  /** Standard deviation. */
  private static final class Spread {
    private int count;
    private double sum;
    private double squares;

    void add(double value) {
      count++;
      sum += value;
      squares += value * value;
    }

    double value() {
      double mean = sum / count;
      return Math.sqrt(Math.max(0, squares / count - mean * mean));
    }
  }

  private static double ramp(double value, double from, double to) {
    return Math.clamp((value - from) / (to - from), 0, 1);
  }

  private List<TimeSpan> spans(
      boolean[] values, int least, long durationUs, boolean isAlsoWithoutSound) {
    List<TimeSpan> spans = new ArrayList<>();
    int from = 0;
    while (from < frames) {
      int to = from;
      while (to < frames && values[to] == values[from]) {
        to++;
      }
      long endUs = to == frames && isAlsoWithoutSound ? durationUs : to * SpeechFinder.FRAME_US;
      if (values[from] && to - from >= least) {
        add(spans, from * SpeechFinder.FRAME_US, endUs, durationUs);
      }
      from = to;
    }
    long heardUs = frames * SpeechFinder.FRAME_US;
    if (isAlsoWithoutSound
        && (frames == 0 || !values[frames - 1])
        && durationUs - heardUs >= least * SpeechFinder.FRAME_US) {
      add(spans, heardUs, durationUs, durationUs);
    }
    return spans;
  }

  private static void add(List<TimeSpan> spans, long fromUs, long toUs, long durationUs) {
    if (fromUs < durationUs) {
      spans.add(new TimeSpan(fromUs, Math.min(toUs, durationUs)));
    }
  }
}
