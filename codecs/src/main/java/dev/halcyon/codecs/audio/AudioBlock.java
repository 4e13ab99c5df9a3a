package dev.halcyon.codecs.audio;

import java.util.List;

/**
 * A run of decoded sound at the source's rate: planar floats, full scale ±1, every value finite.
 * The planes are lent: valid only during the call that handed the block over, and only up to {@code
 * samples}.
 *
 * @param ptsUs stream time of the first sample
 * @param speakers one a channel
 * @param planes one a channel, at least {@code samples} long
 * @param samples a channel
 */
@SuppressWarnings("ArrayRecordComponent") // a borrowed view, never compared
public record AudioBlock(
    long ptsUs, int sampleRateHz, List<Speaker> speakers, float[][] planes, int samples) {
  public int channels() {
    return speakers.size();
  }

  /** Stream time just after the last sample. */
  public long endUs() {
    return ptsUs + samples * 1_000_000L / sampleRateHz;
  }
}
