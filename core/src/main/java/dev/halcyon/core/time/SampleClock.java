package dev.halcyon.core.time;

/**
 * Time of audio packets by counting samples. Stamps (RTMP's whole milliseconds) only anchor it: a
 * stamp that is off by more than {@value #TOLERANCE_US} µs for a second, or by more than {@value
 * #GAP_US} µs at once (a real gap), moves the anchor. One thread.
 */
public final class SampleClock {
  static final long TOLERANCE_US = 20_000;
  static final long PATIENCE_US = 1_000_000;
  static final long GAP_US = 200_000;

  private final int sampleRateHz;
  private boolean isAnchored;
  private long anchorUs;
  private long samples;
  private long offSinceUs = Long.MIN_VALUE;
  private long reanchorings;

  public SampleClock(int sampleRateHz) {
    if (sampleRateHz <= 0) {
      throw new IllegalArgumentException("no sample rate [sampleRateHz=" + sampleRateHz + "]");
    }
    this.sampleRateHz = sampleRateHz;
  }

  /**
   * The time of the next packet.
   *
   * @param stampUs what the source says
   * @param packetSamples samples in the packet at {@code sampleRateHz}
   */
  public long next(long stampUs, int packetSamples) {
    if (!isAnchored) {
      anchorAt(stampUs);
    }
    long countedUs = nowUs();
    long offUs = Math.abs(stampUs - countedUs);
    if (offUs <= TOLERANCE_US) {
      offSinceUs = Long.MIN_VALUE;
    } else if (offSinceUs == Long.MIN_VALUE && offUs <= GAP_US) {
      offSinceUs = stampUs;
    } else if (offUs > GAP_US || stampUs - offSinceUs >= PATIENCE_US) {
      anchorAt(stampUs);
      reanchorings++;
      countedUs = stampUs;
    }
    samples += packetSamples;
    return countedUs;
  }

  /** Duration of so many samples, rounded to the microsecond. */
  public long durationUs(int packetSamples) {
    return Math.round(packetSamples * 1e6 / sampleRateHz);
  }

  /** How often the counted time had to follow the stamps. */
  public long reanchorings() {
    return reanchorings;
  }

  private long nowUs() {
    return anchorUs + samples * 1_000_000 / sampleRateHz;
  }

  private void anchorAt(long stampUs) {
    anchorUs = stampUs;
    samples = 0;
    offSinceUs = Long.MIN_VALUE;
    isAnchored = true;
  }
}
