package dev.halcyon.verticles.ingest.rtp;

import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.verticles.ingest.sound.PcmFormat;
import dev.halcyon.verticles.ingest.sound.SoundEncoding;
import java.nio.ByteBuffer;

/**
 * Sound that has to be encoded: G.711 (RFC 3551, 4.5.14) and L16. Where packets are missing there
 * is silence, so that the encoder's count of samples stays in time; a longer gap begins anew. One
 * thread.
 */
final class PcmDepacketizer implements Depacketizer {
  private static final long NONE = Long.MIN_VALUE;

  private final PcmFormat format;
  private final int clockHz;
  private final SoundEncoding.Factory encodings;
  private final UnitSink sink;
  private final RtpCounts counts;
  private SoundEncoding encoding;
  private long nextTicks = NONE;

  PcmDepacketizer(
      PcmFormat format,
      int clockHz,
      SoundEncoding.Factory encodings,
      UnitSink sink,
      RtpCounts counts) {
    this.format = format;
    this.clockHz = clockHz;
    this.encodings = encodings.forTrack();
    this.sink = sink;
    this.counts = counts;
  }

  @Override
  public void announce() {}

  @Override
  public void onPacket(long ticks, boolean isMarker, ByteBuffer payload) {
    long aheadTicks = nextTicks == NONE ? 0 : ticks - nextTicks;
    if (nextTicks == NONE || Math.abs(aheadTicks) > clockHz) {
      beginAt(ticks);
    } else if (aheadTicks > 0) {
      counts.concealedSounds++;
      encode(new float[format.channels()][(int) aheadTicks]);
    } else if (aheadTicks < 0) {
      long heardBytes = Math.min(payload.remaining(), -aheadTicks * format.frameBytes());
      payload.position(payload.position() + (int) heardBytes);
    }
    encode(format.read(payload));
  }

  private void beginAt(long ticks) {
    restart();
    nextTicks = ticks;
    encoding = encodings.open(format.sampleRateHz(), format.channels(), new From(ticks));
  }

  private void encode(float[][] planes) {
    int samples = planes[0].length;
    if (samples > 0 && encoding.encode(planes)) {
      nextTicks += samples;
    }
  }

  @Override
  public void onLost(long packets) {}

  @Override
  public void restart() {
    nextTicks = NONE;
    if (encoding != null) {
      encoding.close();
      encoding = null;
    }
  }

  @Override
  public void close() {
    restart();
  }

  /** Gives encoded packets the track's times again. */
  private final class From implements SoundEncoding.Sink {
    private final long originTicks;

    From(long originTicks) {
      this.originTicks = originTicks;
    }

    @Override
    public void onFormat(AudioFormat encoded) {
      sink.onFormat(encoded, 0, 0);
    }

    @Override
    public void onPacket(long atUs, ByteBuffer packet) {
      sink.onUnit(originTicks + (atUs * clockHz + 500_000) / 1_000_000, true, packet);
    }

    @Override
    public void onFailure(String reason) {
      sink.onFailure(reason);
    }
  }
}
