package dev.halcyon.verticles.record;

import dev.halcyon.codecs.session.RangePacket;
import dev.halcyon.codecs.session.RangePayloads;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.ring.Ring;
import dev.halcyon.ring.RingCursor;
import java.nio.ByteBuffer;

/** Gives a range's payloads out of a ring, track by track. One thread; closed by who made it. */
final class RingRange implements RangePayloads, AutoCloseable {
  private final RingCursor cursor;
  private int track = -1;

  RingRange(Ring ring) {
    cursor = ring.cursor();
  }

  /**
   * @throws HalcyonException RING_OVERRUN when the ring does not hold the packet any more;
   *     RING_CORRUPT when it is damaged
   */
  @Override
  public void read(RangePacket packet, ByteBuffer target) {
    if (packet.track() != track) {
      cursor.seek(packet.position());
      track = packet.track();
    }
    walkTo(packet.position());
    if (!cursor.copyPayload(target)) {
      throw gone();
    }
  }

  private void walkTo(long position) {
    while (true) {
      switch (cursor.next()) {
        case PACKET -> {
          if (cursor.position() == position) {
            return;
          }
          if (cursor.position() > position) {
            throw gone();
          }
        }
        case CONFIGURATION, EPOCH -> {}
        case NOTHING_YET, OVERRUN, CLOSED -> throw gone();
      }
    }
  }

  private static HalcyonException gone() {
    return new HalcyonException(
        ErrorCode.RING_OVERRUN, "the ring dropped the packets before they were recorded");
  }

  @Override
  public void close() {
    cursor.close();
  }
}
