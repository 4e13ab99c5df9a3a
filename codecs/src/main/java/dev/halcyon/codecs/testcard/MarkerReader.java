package dev.halcyon.codecs.testcard;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Finds the {@link AudioMarker}s in a stream of samples: a matched filter (overlap-save, by FFT)
 * whose peaks are placed between the samples by a parabola. Its memory does not grow with the
 * stream, but for what it found. One thread at a time.
 */
final class MarkerReader {
  /**
   * A marker that was heard.
   *
   * @param position where it begins, in samples from the first accepted one
   */
  record Heard(MarkerWord word, double position) {}

  private static final int BLOCK = 16_384;

  /** Likeness to the chirp, 0..1; noise stays under 0.3. */
  private static final double MIN_LIKENESS = 0.6;

  /** −80 dBFS: under this is silence, whatever its shape. */
  private static final double MIN_RMS = 1e-4;

  private static final int LEAD = 16;

  private final int sampleRateHz;
  private final Fft fft = new Fft(BLOCK);
  private final float[] chirp;
  private final double chirpNorm;
  private final double[] filterRe = new double[BLOCK];
  private final double[] filterIm = new double[BLOCK];
  private final double[] re = new double[BLOCK];
  private final double[] im = new double[BLOCK];
  private final double[] energyBefore = new double[BLOCK + 1];

  /** The block being filled; its first {@link #margin} samples were already scanned. */
  private final float[] block = new float[BLOCK];

  private final int margin;
  private final int scanned;
  private long blockStart;
  private int filled;

  private final List<Heard> heard = new ArrayList<>();
  private final List<Long> unreadable = new ArrayList<>();

  MarkerReader(int sampleRateHz) {
    if (sampleRateHz < AudioMarker.MIN_SAMPLE_RATE_HZ || sampleRateHz > 192_000) {
      throw new IllegalArgumentException(
          "sample rate out of range [sampleRateHz=" + sampleRateHz + "]");
    }
    this.sampleRateHz = sampleRateHz;
    chirp = AudioMarker.chirp(sampleRateHz);
    double energy = 0;
    for (int n = 0; n < chirp.length; n++) {
      filterRe[n] = chirp[n];
      energy += chirp[n] * chirp[n];
    }
    chirpNorm = Math.sqrt(energy);
    fft.forward(filterRe, filterIm);
    margin = sampleRateHz / 100;
    scanned = BLOCK - AudioMarker.readableSamples(sampleRateHz) - 2 * margin;
    // Silence before the first sample lets a marker begin right there, coding noise included.
    filled = margin + LEAD;
    blockStart = -filled;
  }

  /** Takes the next samples. */
  void accept(float[] samples, int length) {
    int taken = 0;
    while (taken < length) {
      int part = Math.min(length - taken, BLOCK - filled);
      System.arraycopy(samples, taken, block, filled, part);
      filled += part;
      taken += part;
      if (filled == BLOCK) {
        scan();
      }
    }
  }

  /** Ends the stream and tells what was heard in it, in order. */
  List<Heard> finish() {
    long endPosition = blockStart + filled;
    int left = filled;
    for (int done = 0; done < left; done += scanned) {
      Arrays.fill(block, filled, BLOCK, 0);
      scan();
    }
    unreadable.removeIf(
        position -> position + AudioMarker.readableSamples(sampleRateHz) > endPosition);
    return heard;
  }

  /** After the end: chirps whose tones are there but could not be read. */
  int unreadable() {
    return unreadable.size();
  }

  private void scan() {
    correlate();
    for (int n = margin; n < margin + scanned; n++) {
      if (isPeak(n)) {
        onPeak(n);
        n += margin;
      }
    }
    System.arraycopy(block, scanned, block, 0, BLOCK - scanned);
    blockStart += scanned;
    filled = Math.max(0, filled - scanned);
  }

  /** Leaves in {@link #re} how alike the chirp and what begins at each sample are. */
  private void correlate() {
    for (int n = 0; n < BLOCK; n++) {
      re[n] = block[n];
      im[n] = 0;
      energyBefore[n + 1] = energyBefore[n] + re[n] * re[n];
    }
    fft.forward(re, im);
    for (int k = 0; k < BLOCK; k++) {
      double r = re[k] * filterRe[k] + im[k] * filterIm[k];
      im[k] = im[k] * filterRe[k] - re[k] * filterIm[k];
      re[k] = r;
    }
    fft.inverse(re, im);
    double minEnergy = MIN_RMS * MIN_RMS * chirp.length;
    for (int n = 0; n + chirp.length <= BLOCK; n++) {
      double energy = energyBefore[n + chirp.length] - energyBefore[n];
      re[n] = energy < minEnergy ? 0 : re[n] / (chirpNorm * Math.sqrt(energy));
    }
  }

  private boolean isPeak(int n) {
    if (re[n] < MIN_LIKENESS) {
      return false;
    }
    for (int other = n - margin; other <= n + margin; other++) {
      if (re[other] > re[n]) {
        return false;
      }
    }
    return true;
  }

  private void onPeak(int n) {
    Optional<MarkerWord> word = AudioMarker.read(block, n, sampleRateHz);
    if (word.isEmpty()) {
      unreadable.add(blockStart + n);
      return;
    }
    double before = re[n - 1];
    double after = re[n + 1];
    double bend = before - 2 * re[n] + after;
    double shift = bend < 0 ? 0.5 * (before - after) / bend : 0;
    heard.add(new Heard(word.get(), blockStart + n + shift));
  }
}
