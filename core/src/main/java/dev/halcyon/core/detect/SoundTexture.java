package dev.halcyon.core.detect;

/**
 * Tells many sources at once (a crowd, applause) from one (a voice, an instrument) by the levels of
 * a burst: a crowd holds its loudness and its spectrum still, however dark or bright it is, while a
 * voice moves from vowel to consonant. Flatness alone does not tell: screaming crowds are darker
 * than speech. One thread.
 */
final class SoundTexture {
  /** The windows of these still hold what was before the burst. */
  private static final int ONSET_VALUES = 3;

  private static final int VALUES = 7;

  /** Standard deviation of log2 of the centroid: crowds and noise lie below 0.06, speech above. */
  private static final double STEADY_OCTAVES = 0.08;

  private static final double STEADY_DB = 4;

  /** Below this the sound is a tone or a hum. */
  private static final double LEAST_FLATNESS = 0.003;

  private final double[] octaves = new double[VALUES];
  private final double[] flatness = new double[VALUES];
  private final double[] levelsDb = new double[VALUES];
  private int heard;

  /** A burst begins. */
  void begin() {
    heard = 0;
  }

  void add(AudioLevel level) {
    if (heard++ >= ONSET_VALUES) {
      int index = (heard - ONSET_VALUES - 1) % VALUES;
      octaves[index] = Math.log(Math.max(1, level.centroidHz())) / Math.log(2);
      flatness[index] = level.flatness();
      levelsDb[index] = level.momentaryLufs();
    }
  }

  /** Whether the last 0.7 s sound like many sources; no when the burst is younger. */
  boolean isCrowd() {
    return heard >= ONSET_VALUES + VALUES && isSteady(VALUES);
  }

  /** Whether the burst is too young to tell and does not yet sound like one source. */
  boolean mayBecomeCrowd() {
    return heard < ONSET_VALUES + VALUES && isSteady(heard - ONSET_VALUES);
  }

  /** The first {@code count} places are filled. */
  private boolean isSteady(int count) {
    return count <= 0
        || (mean(flatness, count) >= LEAST_FLATNESS
            && deviation(octaves, count) <= STEADY_OCTAVES
            && range(levelsDb, count) <= STEADY_DB);
  }

  private static double mean(double[] values, int count) {
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += values[i];
    }
    return sum / count;
  }

  private static double deviation(double[] values, int count) {
    double mean = mean(values, count);
    double squares = 0;
    for (int i = 0; i < count; i++) {
      squares += (values[i] - mean) * (values[i] - mean);
    }
    return Math.sqrt(squares / count);
  }

  private static double range(double[] values, int count) {
    double least = values[0];
    double most = values[0];
    for (int i = 1; i < count; i++) {
      least = Math.min(least, values[i]);
      most = Math.max(most, values[i]);
    }
    return most - least;
  }
}
