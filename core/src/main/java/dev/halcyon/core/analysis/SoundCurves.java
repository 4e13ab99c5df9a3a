package dev.halcyon.core.analysis;

import dev.halcyon.core.detect.AudioLevel;
import java.util.Arrays;

/**
 * What a file's sound measures along it, one value of each kind every {@value #STEP_US} µs: value i
 * belongs to the time from i to i + 1 steps. Ten bytes a step, rounded to what an ear can tell.
 * Immutable.
 */
public final class SoundCurves {
  public static final long STEP_US = AudioLevel.STEP_US;

  /** What stands for digital silence. */
  public static final double LEAST_PEAK_DB = -120;

  private static final double CENTI = 100;
  private static final double UNIT = 32_767;
  private static final double MOST_HZ = 65_535;

  private final short[] momentary;
  private final short[] peaks;
  private final short[] flatness;
  private final char[] centroids;
  private final short[] crossings;

  private SoundCurves(Builder from) {
    momentary = Arrays.copyOf(from.momentary, from.size);
    peaks = Arrays.copyOf(from.peaks, from.size);
    flatness = Arrays.copyOf(from.flatness, from.size);
    centroids = Arrays.copyOf(from.centroids, from.size);
    crossings = Arrays.copyOf(from.crossings, from.size);
  }

  /** How many values of each kind there are. */
  public int size() {
    return momentary.length;
  }

  /** Begin of the time that value {@code index} belongs to. */
  public long fromUs(int index) {
    return index * STEP_US;
  }

  /** The value that belongs to a time; the nearest one beyond the ends. */
  public int indexAt(long atUs) {
    return Math.clamp(Math.floorDiv(atUs, STEP_US), 0, Math.max(0, size() - 1));
  }

  /**
   * Momentary loudness of EBU R128 over the 400 ms that end with the step; −70 in silence and where
   * there is no sound.
   */
  public double momentaryLufs(int index) {
    return momentary[index] / CENTI;
  }

  /** Highest sample of any channel within the step, dBFS; at least {@value #LEAST_PEAK_DB}. */
  public double peakDb(int index) {
    return peaks[index] / CENTI;
  }

  /** As {@link AudioLevel#flatness}. */
  public double flatness(int index) {
    return flatness[index] / UNIT;
  }

  /** As {@link AudioLevel#centroidHz}. */
  public double centroidHz(int index) {
    return centroids[index];
  }

  /** As {@link AudioLevel#zeroCrossingRate}. */
  public double zeroCrossingRate(int index) {
    return crossings[index] / UNIT;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SoundCurves that
        && Arrays.equals(momentary, that.momentary)
        && Arrays.equals(peaks, that.peaks)
        && Arrays.equals(flatness, that.flatness)
        && Arrays.equals(centroids, that.centroids)
        && Arrays.equals(crossings, that.crossings);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(momentary) + Arrays.hashCode(peaks);
  }

  @Override
  public String toString() {
    return "SoundCurves[size=" + size() + "]";
  }

  /** Collects curves, step by step from 0; what is passed over is silence. One thread. */
  public static final class Builder {
    private static final int FIRST_CAPACITY = 600;

    private short[] momentary = new short[FIRST_CAPACITY];
    private short[] peaks = new short[FIRST_CAPACITY];
    private short[] flatness = new short[FIRST_CAPACITY];
    private char[] centroids = new char[FIRST_CAPACITY];
    private short[] crossings = new short[FIRST_CAPACITY];
    private int size;

    /** How many steps there are by now. */
    public int size() {
      return size;
    }

    /** Adds silence until there are so many steps. */
    public Builder padTo(int steps) {
      while (size < steps) {
        add(AudioLevel.SILENCE_LUFS, LEAST_PEAK_DB, 0, 0, 0);
      }
      return this;
    }

    /** Adds the next step; values beyond what can be held are held as the most that can. */
    public Builder add(
        double momentaryLufs,
        double peakDb,
        double flatnessPart,
        double centroidHz,
        double zeroCrossingRate) {
      grow();
      momentary[size] = centi(Math.max(momentaryLufs, AudioLevel.SILENCE_LUFS));
      peaks[size] = centi(Math.max(peakDb, LEAST_PEAK_DB));
      flatness[size] = unit(flatnessPart);
      centroids[size] = (char) Math.round(Math.clamp(centroidHz, 0, MOST_HZ));
      crossings[size] = unit(zeroCrossingRate);
      size++;
      return this;
    }

    private void grow() {
      if (size == momentary.length) {
        int next = size + size / 2;
        momentary = Arrays.copyOf(momentary, next);
        peaks = Arrays.copyOf(peaks, next);
        flatness = Arrays.copyOf(flatness, next);
        centroids = Arrays.copyOf(centroids, next);
        crossings = Arrays.copyOf(crossings, next);
      }
    }

    private static short centi(double db) {
      return (short) Math.round(Math.clamp(db * CENTI, Short.MIN_VALUE, Short.MAX_VALUE));
    }

    private static short unit(double part) {
      return (short) Math.round(Math.clamp(part, 0, 1) * UNIT);
    }

    public SoundCurves build() {
      return new SoundCurves(this);
    }
  }
}
