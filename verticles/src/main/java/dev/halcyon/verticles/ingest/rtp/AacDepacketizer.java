package dev.halcyon.verticles.ingest.rtp;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.verticles.ingest.media.AacConfig;
import dev.halcyon.verticles.ingest.media.AssemblyBuffer;
import dev.halcyon.verticles.ingest.media.BitReader;
import dev.halcyon.verticles.ingest.media.BufferAccount;
import java.nio.ByteBuffer;

/**
 * AAC in RTP as MPEG4-GENERIC (RFC 3640): several access units a packet, or one in fragments.
 *
 * <pre>
 *   header bits:16 | headers: size, index or delta, … | auxiliary | access units
 * </pre>
 */
final class AacDepacketizer implements Depacketizer {
  /**
   * Bits of each field of a header, as the session description states them.
   *
   * @param constantBytes size of every unit; 0 when headers say it, or a packet is one unit
   */
  record Layout(
      int sizeBits,
      int indexBits,
      int deltaBits,
      int compositionBits,
      int decodingBits,
      int randomAccessBits,
      int stateBits,
      int auxiliaryBits,
      int constantBytes) {
    boolean hasHeaders() {
      return sizeBits
              + indexBits
              + deltaBits
              + compositionBits
              + decodingBits
              + randomAccessBits
              + stateBits
          > 0;
    }
  }

  private static final int NONE = -1;
  private static final int MAX_UNIT_BYTES = 64 << 10;

  private final AudioFormat format;
  private final Layout layout;
  private final UnitSink sink;
  private final AssemblyBuffer fragments;
  private final long unitTicks;
  private int fragmentedBytes = NONE;
  private long fragmentTicks;

  /**
   * @param clockHz of the RTP times, which with SBR may be twice the coded rate
   */
  AacDepacketizer(
      AudioFormat format, Layout layout, int clockHz, UnitSink sink, BufferAccount account) {
    this.format = format;
    this.layout = layout;
    this.sink = sink;
    this.fragments = new AssemblyBuffer(account);
    this.unitTicks = (long) AacConfig.PACKET_SAMPLES * clockHz / format.sampleRateHz();
  }

  @Override
  public void announce() {
    sink.onFormat(format, 0, 0);
  }

  @Override
  public void onPacket(long ticks, boolean isMarker, ByteBuffer payload) {
    if (!layout.hasHeaders()) {
      onUnitsWithoutHeaders(ticks, payload);
      return;
    }
    if (payload.remaining() < 2) {
      throw corrupt("headers cut off");
    }
    int headerBits = payload.getShort() & 0xffff;
    int headerBytes = (headerBits + 7) / 8;
    if (headerBytes > payload.remaining()) {
      throw corrupt("headers cut off");
    }
    byte[] headers = new byte[headerBytes];
    payload.get(headers);
    skipAuxiliary(payload);
    onUnits(ticks, new BitReader(headers), headerBytes * 8 - headerBits, payload);
  }

  private void onUnits(long ticks, BitReader headers, int unusedBits, ByteBuffer payload) {
    for (int i = 0; headers.remainingBits() > unusedBits; i++) {
      int size = size(headers, i == 0);
      if (size == 0) {
        continue;
      }
      if (size > payload.remaining()) {
        if (i > 0) {
          throw corrupt("access units longer than their packet");
        }
        onFragment(ticks, size, payload);
        return;
      }
      fragmentedBytes = NONE;
      hand(ticks + i * unitTicks, payload, size);
    }
  }

  /** Reads one header; what it says beside the size is of no use here. */
  private int size(BitReader headers, boolean isFirst) {
    int size = layout.sizeBits() > 0 ? headers.bits(layout.sizeBits()) : layout.constantBytes();
    int index = headers.bits(isFirst ? layout.indexBits() : layout.deltaBits());
    if (index != 0 && !isFirst) {
      throw new HalcyonException(ErrorCode.UNSUPPORTED_MEDIA, "interleaved AAC");
    }
    if (layout.compositionBits() > 0 && headers.flag()) {
      headers.skip(layout.compositionBits());
    }
    if (layout.decodingBits() > 0 && headers.flag()) {
      headers.skip(layout.decodingBits());
    }
    headers.skip(layout.randomAccessBits() + layout.stateBits());
    return size;
  }

  private void skipAuxiliary(ByteBuffer payload) {
    if (layout.auxiliaryBits() == 0) {
      return;
    }
    byte[] head = new byte[Math.min(payload.remaining(), 4)];
    payload.get(payload.position(), head);
    int bits = layout.auxiliaryBits() + new BitReader(head).bits(layout.auxiliaryBits());
    int bytes = (bits + 7) / 8;
    if (bytes > payload.remaining()) {
      throw corrupt("auxiliary section cut off");
    }
    payload.position(payload.position() + bytes);
  }

  private void onUnitsWithoutHeaders(long ticks, ByteBuffer payload) {
    int size = layout.constantBytes() > 0 ? layout.constantBytes() : payload.remaining();
    for (int i = 0; size > 0 && payload.remaining() >= size; i++) {
      hand(ticks + i * unitTicks, payload, size);
    }
  }

  /** Every fragment's header states the size of the whole. */
  private void onFragment(long ticks, int size, ByteBuffer payload) {
    if (size > MAX_UNIT_BYTES) {
      throw corrupt("access unit too long");
    }
    if (size != fragmentedBytes || ticks != fragmentTicks) {
      fragments.clear();
      fragmentedBytes = size;
      fragmentTicks = ticks;
    }
    int missing = size - fragments.length();
    fragments.append(payload, Math.min(missing, payload.remaining()));
    if (fragments.length() == size) {
      fragmentedBytes = NONE;
      sink.onUnit(ticks, true, fragments.content());
      fragments.clear();
    }
  }

  private void hand(long ticks, ByteBuffer payload, int size) {
    sink.onUnit(ticks, true, payload.slice(payload.position(), size));
    payload.position(payload.position() + size);
  }

  @Override
  public void onLost(long packets) {
    fragmentedBytes = NONE;
  }

  @Override
  public void restart() {
    fragmentedBytes = NONE;
  }

  @Override
  public void close() {
    fragments.close();
  }

  private static HalcyonException corrupt(String what) {
    return new HalcyonException(ErrorCode.CORRUPT_MEDIA, "AAC: " + what);
  }
}
