package dev.halcyon.verticles.ingest.rtp;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.verticles.ingest.media.AssemblyBuffer;
import dev.halcyon.verticles.ingest.media.BufferAccount;
import dev.halcyon.verticles.ingest.media.MpegAudioHeader;
import java.nio.ByteBuffer;

/**
 * MP3 in RTP (RFC 2250, 3.5): whole frames, or one in fragments. One thread.
 *
 * <pre>
 *   0 zero:16 | 2 offset in the frame:16 | 4 frames
 * </pre>
 */
final class MpegAudioDepacketizer implements Depacketizer {
  private static final int LAYER_3 = 3;
  private static final int HEADER_BYTES = 4;

  /** RFC 3551: MPA's clock, whatever the sampling rate. */
  private static final long CLOCK_HZ = 90_000;

  private final UnitSink sink;
  private final AssemblyBuffer fragments;
  private int missingBytes;
  private long fragmentTicks;
  private AudioFormat format;

  MpegAudioDepacketizer(UnitSink sink, BufferAccount account) {
    this.sink = sink;
    this.fragments = new AssemblyBuffer(account);
  }

  @Override
  public void announce() {}

  @Override
  public void onPacket(long ticks, boolean isMarker, ByteBuffer payload) {
    if (payload.remaining() < HEADER_BYTES) {
      throw corrupt("header cut off");
    }
    int offset = payload.getInt() & 0xffff;
    if (offset > 0) {
      onFragment(offset, payload);
    } else {
      onFrames(ticks, payload);
    }
  }

  private void onFrames(long ticks, ByteBuffer payload) {
    missingBytes = 0;
    long frameTicks = ticks;
    while (payload.remaining() >= MpegAudioHeader.BYTES) {
      MpegAudioHeader header =
          MpegAudioHeader.parse(payload.getInt(payload.position()))
              .orElseThrow(() -> corrupt("no frame"));
      if (header.frameBytes() > payload.remaining()) {
        beginFragments(frameTicks, header, payload);
        return;
      }
      announce(header);
      sink.onUnit(frameTicks, true, payload.slice(payload.position(), header.frameBytes()));
      payload.position(payload.position() + header.frameBytes());
      frameTicks += header.samples() * CLOCK_HZ / header.sampleRateHz();
    }
  }

  private void beginFragments(long ticks, MpegAudioHeader header, ByteBuffer payload) {
    announce(header);
    fragments.clear();
    missingBytes = header.frameBytes() - payload.remaining();
    fragmentTicks = ticks;
    fragments.append(payload, payload.remaining());
  }

  private void onFragment(int offset, ByteBuffer payload) {
    if (missingBytes == 0 || offset != fragments.length() || payload.remaining() > missingBytes) {
      missingBytes = 0;
      throw corrupt("fragment out of place");
    }
    missingBytes -= payload.remaining();
    fragments.append(payload, payload.remaining());
    if (missingBytes == 0) {
      sink.onUnit(fragmentTicks, true, fragments.content());
      fragments.clear();
    }
  }

  private void announce(MpegAudioHeader header) {
    if (header.layer() != LAYER_3) {
      throw new HalcyonException(
          ErrorCode.UNSUPPORTED_MEDIA, "MPEG audio layer " + header.layer() + "; send MP3");
    }
    boolean isSame =
        format != null
            && format.sampleRateHz() == header.sampleRateHz()
            && format.channels() == header.channels();
    if (!isSame) {
      format = new AudioFormat(Codec.MP3, header.sampleRateHz(), header.channels(), Bytes.EMPTY);
      sink.onFormat(format, 0, 0);
    }
  }

  @Override
  public void onLost(long packets) {
    missingBytes = 0;
  }

  @Override
  public void restart() {
    missingBytes = 0;
  }

  @Override
  public void close() {
    fragments.close();
  }

  private static HalcyonException corrupt(String what) {
    return new HalcyonException(ErrorCode.CORRUPT_MEDIA, "MPEG audio: " + what);
  }
}
