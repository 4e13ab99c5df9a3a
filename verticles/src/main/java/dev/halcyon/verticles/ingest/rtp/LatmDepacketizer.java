package dev.halcyon.verticles.ingest.rtp;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.verticles.ingest.media.AacConfig;
import dev.halcyon.verticles.ingest.media.AssemblyBuffer;
import dev.halcyon.verticles.ingest.media.BitReader;
import dev.halcyon.verticles.ingest.media.BufferAccount;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * AAC in RTP as MP4A-LATM (RFC 6416): an AudioMuxElement (ISO/IEC 14496-3, 1.7.3) in one packet or
 * in several of one time, the last with the marker. One thread.
 */
final class LatmDepacketizer implements Depacketizer {
  private static final int MAX_ELEMENT_BYTES = 256 << 10;

  private final boolean isConfigInBand;
  private final int clockHz;
  private final UnitSink sink;
  private final AssemblyBuffer element;
  private Optional<LatmConfig> config;
  private Optional<AudioFormat> announced = Optional.empty();
  private long elementTicks;

  /**
   * @param told the configuration of the session description
   * @param isConfigInBand whether elements may carry one (cpresent)
   */
  LatmDepacketizer(
      Optional<LatmConfig> told,
      boolean isConfigInBand,
      int clockHz,
      UnitSink sink,
      BufferAccount account) {
    this.config = told;
    this.isConfigInBand = isConfigInBand;
    this.clockHz = clockHz;
    this.sink = sink;
    this.element = new AssemblyBuffer(account);
  }

  @Override
  public void announce() {
    config.ifPresent(this::announce);
  }

  private void announce(LatmConfig told) {
    if (!announced.equals(Optional.of(told.format()))) {
      announced = Optional.of(told.format());
      sink.onFormat(told.format(), 0, 0);
    }
  }

  @Override
  public void onPacket(long ticks, boolean isMarker, ByteBuffer payload) {
    if (ticks != elementTicks) {
      element.clear();
      elementTicks = ticks;
    }
    if (element.length() + payload.remaining() > MAX_ELEMENT_BYTES) {
      element.clear();
      throw corrupt("element too long");
    }
    element.append(payload, payload.remaining());
    if (isMarker) {
      byte[] whole = NalAssembly.bytes(element.from(0));
      element.clear();
      read(ticks, new BitReader(whole));
    }
  }

  private void read(long ticks, BitReader in) {
    if (isConfigInBand && !in.flag()) { // useSameStreamMux
      config = Optional.of(LatmConfig.read(in));
    }
    if (config.isEmpty()) {
      return; // Its configuration has not come yet.
    }
    LatmConfig layout = config.get();
    announce(layout);
    long unitTicks = (long) AacConfig.PACKET_SAMPLES * clockHz / layout.format().sampleRateHz();
    byte[][] units = new byte[layout.subFrames()][];
    for (int i = 0; i < units.length; i++) {
      units[i] = in.read(8 * unitBytes(in)).toArray();
    }
    // Only padding may be left: else something is missing from the middle.
    if (in.remainingBits() - layout.otherDataBits() >= 8) {
      throw corrupt("element longer than its units");
    }
    for (int i = 0; i < units.length; i++) {
      if (units[i].length > 0) {
        sink.onUnit(ticks + i * unitTicks, true, ByteBuffer.wrap(units[i]));
      }
    }
  }

  /** PayloadLengthInfo(). */
  private static int unitBytes(BitReader in) {
    int bytes = 0;
    int next = in.bits(8);
    while (next == 0xff) {
      bytes += next;
      next = in.bits(8);
    }
    return bytes + next;
  }

  @Override
  public void onLost(long packets) {
    element.clear();
  }

  @Override
  public void restart() {
    element.clear();
  }

  @Override
  public void close() {
    element.close();
  }

  private static HalcyonException corrupt(String what) {
    return new HalcyonException(ErrorCode.CORRUPT_MEDIA, "LATM: " + what);
  }
}
