package dev.halcyon.verticles.ingest.rtp;

import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.AudioPacketLength;
import dev.halcyon.verticles.ingest.media.OpusConfig;
import java.nio.ByteBuffer;

/**
 * Opus in RTP (RFC 7587): a packet is a packet. Where some are missing, lost or never sent, packets
 * without data take their place, for which a decoder conceals (RFC 6716, 2.1.7 and 4.4): so sound
 * stays gapless, and in time. One thread.
 */
final class OpusDepacketizer implements Depacketizer {
  private static final long NONE = Long.MIN_VALUE;

  /** A second: what is longer is a gap. */
  private static final long MAX_CONCEALED_TICKS = 48_000;

  private static final int CODE_MASK = 3;

  private final AudioFormat format;
  private final UnitSink sink;
  private final RtpCounts counts;
  private final ByteBuffer concealed = ByteBuffer.allocate(1);
  private long nextTicks = NONE;
  private int lastConfiguration;
  private int lastFrameTicks;

  OpusDepacketizer(int channels, UnitSink sink, RtpCounts counts) {
    this.format = OpusConfig.of(channels);
    this.sink = sink;
    this.counts = counts;
  }

  @Override
  public void announce() {
    sink.onFormat(format, 0, 0);
  }

  @Override
  public void onPacket(long ticks, boolean isMarker, ByteBuffer payload) {
    int samples = AudioPacketLength.samples(format, payload);
    if (samples == 0) {
      counts.malformedPackets++;
      return;
    }
    if (nextTicks != NONE && ticks - nextTicks <= MAX_CONCEALED_TICKS) {
      conceal(ticks);
    }
    int toc = payload.get(payload.position());
    lastConfiguration = toc & ~CODE_MASK;
    lastFrameTicks = frameTicks(lastConfiguration);
    nextTicks = ticks + samples;
    sink.onUnit(ticks, true, payload);
  }

  /** Frames of the last packet's kind, as many as fit. */
  private void conceal(long untilTicks) {
    while (untilTicks - nextTicks >= lastFrameTicks) {
      counts.concealedSounds++;
      sink.onUnit(nextTicks, true, concealed.put(0, (byte) lastConfiguration).clear());
      nextTicks += lastFrameTicks;
    }
  }

  private int frameTicks(int configuration) {
    return AudioPacketLength.samples(format, concealed.put(0, (byte) configuration).clear());
  }

  @Override
  public void onLost(long packets) {}

  @Override
  public void restart() {
    nextTicks = NONE;
  }

  @Override
  public void close() {}
}
