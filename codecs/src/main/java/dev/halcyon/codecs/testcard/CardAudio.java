package dev.halcyon.codecs.testcard;

import dev.halcyon.codecs.testcard.TestCardProgramme.Kind;
import dev.halcyon.codecs.testcard.TestCardProgramme.Moment;
import dev.halcyon.codecs.testcard.TestCardProgramme.Sound;
import java.util.Arrays;
import java.util.List;

/**
 * Makes the sound of a test card, sample after sample: the {@link AudioMarker}s and, between them,
 * what the programme says. Sample {@code n} belongs to programme time n / rate exactly. The same
 * programme always gives the same sound. One thread at a time.
 */
final class CardAudio {
  /** −20 dBFS: clear, and far from clipping after lossy coding. */
  private static final double MARKER_RMS = 0.1;

  /** −40 LUFS for two equal channels (ITU-R BS.1770-5), measured. */
  private static final double TALK_RMS = 0.0056;

  /** −14 LUFS at a burst's height for two equal channels, measured. */
  private static final double CROWD_RMS = 0.1;

  private static final double TALK_LOW_HZ = 300;
  private static final double TALK_HIGH_HZ = 3000;
  private static final double CROWD_LOW_HZ = 200;
  private static final double CROWD_HIGH_HZ = 6000;

  private static final double SYLLABLES_PER_S = 4;

  /** RMS of sin² over its period. */
  private static final double SYLLABLE_RMS = Math.sqrt(3.0 / 8);

  /** RMS of evenly spread noise from −1 to 1. */
  private static final double NOISE_RMS = 1 / Math.sqrt(3);

  /** The programme is silent from so long before a marker until so long after its begin. */
  private static final long HUSH_BEFORE_US = 3000;

  private static final long HUSH_AFTER_US = 65_000;

  private final TestCardProgramme programme;
  private final int cardId;
  private final int sampleRateHz;
  private final Biquad talkLow;
  private final Biquad talkHigh;
  private final Biquad crowdLow;
  private final Biquad crowdHigh;
  private final double talkGain;
  private final double crowdGain;
  private long random;
  private long nextSample;
  private MarkerWord cachedWord = new MarkerWord(-1, 0);
  private float[] cachedMarker = new float[0];

  /**
   * @param firstSample where to begin, in samples from programme time 0
   */
  CardAudio(TestCardProgramme programme, int cardId, int sampleRateHz, long firstSample) {
    this.programme = programme;
    this.cardId = cardId;
    this.sampleRateHz = sampleRateHz;
    nextSample = firstSample;
    random = 0x9e3779b97f4a7c15L + cardId;
    talkLow = Biquad.highPass(TALK_LOW_HZ, sampleRateHz);
    talkHigh = Biquad.lowPass(TALK_HIGH_HZ, sampleRateHz);
    crowdLow = Biquad.highPass(CROWD_LOW_HZ, sampleRateHz);
    crowdHigh = Biquad.lowPass(CROWD_HIGH_HZ, sampleRateHz);
    talkGain = TALK_RMS / (SYLLABLE_RMS * bandRms(TALK_HIGH_HZ - TALK_LOW_HZ, sampleRateHz));
    crowdGain = CROWD_RMS / bandRms(CROWD_HIGH_HZ - CROWD_LOW_HZ, sampleRateHz);
  }

  private static double bandRms(double bandHz, int sampleRateHz) {
    return NOISE_RMS * Math.sqrt(2 * bandHz / sampleRateHz);
  }

  /** Where the next {@link #render} begins, in samples from programme time 0. */
  long nextSample() {
    return nextSample;
  }

  /** Fills {@code mono} with the next samples. */
  void render(float[] mono) {
    long fromUs = usOf(nextSample);
    long toUs = usOf(nextSample + mono.length);
    if (programme.sound() == Sound.TALK) {
      renderTalk(mono, fromUs, toUs);
    } else {
      Arrays.fill(mono, 0);
    }
    addMarkers(mono, fromUs, toUs);
    nextSample += mono.length;
  }

  private void renderTalk(float[] mono, long fromUs, long toUs) {
    List<Moment> moments = programme.momentsWithin(fromUs, toUs);
    for (int n = 0; n < mono.length; n++) {
      long timeUs = usOf(nextSample + n);
      double noise = noise();
      double talk = talkHigh.next(talkLow.next(noise)) * talkGain * syllable(timeUs);
      double crowd = crowdHigh.next(crowdLow.next(noise)) * crowdGain * swell(moments, timeUs);
      mono[n] = isHushed(timeUs) ? 0 : (float) (talk + crowd);
    }
  }

  private boolean isHushed(long timeUs) {
    long interval = programme.markerIntervalUs();
    long intoUs = timeUs % interval;
    return intoUs < HUSH_AFTER_US || intoUs >= interval - HUSH_BEFORE_US;
  }

  /** sin² four times a second, no two syllables equally loud. */
  private double syllable(long timeUs) {
    double syllables = timeUs * SYLLABLES_PER_S / 1e6;
    double sine = Math.sin(Math.PI * syllables);
    long hash = (((long) syllables + cardId) * 0x9e3779b97f4a7c15L) >>> 40;
    return sine * sine * (0.85 + 0.3 * hash / (1 << 24));
  }

  /** How loud the crowd is, 0..1: up in a quarter of the burst, down in the last half. */
  private static double swell(List<Moment> moments, long timeUs) {
    double loudest = 0;
    for (Moment moment : moments) {
      if (moment.kind() == Kind.CROWD_BURST && timeUs >= moment.atUs() && timeUs < moment.endUs()) {
        double part = (double) (timeUs - moment.atUs()) / moment.durationUs();
        double rise = Math.min(1, part / 0.25);
        double fall = Math.min(1, (1 - part) / 0.5);
        loudest = Math.max(loudest, Math.min(rise, fall));
      }
    }
    return loudest;
  }

  private void addMarkers(float[] mono, long fromUs, long toUs) {
    long interval = programme.markerIntervalUs();
    long lengthUs = (long) (AudioMarker.LENGTH_S * 1e6) + 100;
    for (long k = Math.max(0, (fromUs - lengthUs) / interval); k * interval < toUs; k++) {
      long atUs = k * interval;
      if (atUs + lengthUs >= fromUs) {
        addMarker(mono, atUs);
      }
    }
  }

  private void addMarker(float[] mono, long atUs) {
    long scaled = Math.multiplyExact(atUs, (long) sampleRateHz);
    long first = scaled / 1_000_000;
    double phase = scaled % 1_000_000 / 1e6;
    MarkerWord word = new MarkerWord((int) (atUs / 100_000), cardId);
    if (!word.equals(cachedWord)) {
      cachedMarker = AudioMarker.synthesise(word, sampleRateHz, phase);
      cachedWord = word;
    }
    float level = (float) markerRms(atUs);
    int offset = (int) (first - nextSample);
    int to = Math.min(mono.length, offset + cachedMarker.length);
    for (int n = Math.max(0, offset); n < to; n++) {
      mono[n] += level * cachedMarker[n - offset];
    }
  }

  /** As loud as what surrounds it, so that neither masks the other. */
  private double markerRms(long atUs) {
    if (programme.sound() == Sound.SILENCE) {
      return MARKER_RMS;
    }
    double crowd = CROWD_RMS * swell(programme.momentsWithin(atUs, atUs + 1), atUs);
    return Math.max(TALK_RMS, crowd);
  }

  private long usOf(long sample) {
    return Math.floorDiv(Math.multiplyExact(sample, 1_000_000L), (long) sampleRateHz);
  }

  /** xorshift64* (S. Vigna, An experimental exploration of Marsaglia's xorshift generators). */
  private double noise() {
    random ^= random >>> 12;
    random ^= random << 25;
    random ^= random >>> 27;
    return ((random * 0x2545f4914f6cdd1dL) >> 11) / (double) (1L << 52);
  }
}
