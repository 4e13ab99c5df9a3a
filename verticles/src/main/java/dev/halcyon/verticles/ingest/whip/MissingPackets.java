package dev.halcyon.verticles.ingest.whip;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Which packets of one source are missing and worth asking for again (RFC 4585, 6.2.1). One thread.
 */
final class MissingPackets {
  /** Packets that only changed places are here by then. */
  private static final long FIRST_ASK_NS = TimeUnit.MILLISECONDS.toNanos(20);

  private static final long NEXT_ASK_NS = TimeUnit.MILLISECONDS.toNanos(60);
  private static final int MAX_ASKS = 4;

  /** With more missing, a keyframe is cheaper. */
  private static final int MAX_MISSING = 256;

  private static final int MAX_JUMP = 3_000;
  private static final int GENERIC_NACK = 1;
  private static final int TRANSPORT_FEEDBACK = 205;
  private static final int MASK_BITS = 16;
  private static final long NONE = -1;

  private final TreeMap<Long, Ask> missing = new TreeMap<>();
  private long highest = NONE;
  private int ssrc;

  private static final class Ask {
    private long nextNs;
    private int asked;
  }

  void onPacket(int source, int sequence, long nowNs) {
    if (highest == NONE || source != ssrc) {
      ssrc = source;
      missing.clear();
      highest = 0x1_0000L + sequence;
      return;
    }
    long unwrapped = highest + (short) (sequence - (int) highest);
    if (unwrapped <= highest) {
      missing.remove(unwrapped);
      return;
    }
    boolean isJump = unwrapped - highest > MAX_JUMP;
    for (long lost = highest + 1; lost < unwrapped && !isJump; lost++) {
      Ask ask = new Ask();
      ask.nextNs = nowNs + FIRST_ASK_NS;
      missing.put(lost, ask);
    }
    while (missing.size() > MAX_MISSING) {
      missing.pollFirstEntry();
    }
    highest = unwrapped;
  }

  /** Asks for those whose time it is; empty when there are none. */
  Optional<byte[]> ask(int ownSsrc, long nowNs) {
    List<Long> due = new ArrayList<>();
    for (Iterator<Map.Entry<Long, Ask>> each = missing.entrySet().iterator(); each.hasNext(); ) {
      Map.Entry<Long, Ask> entry = each.next();
      Ask ask = entry.getValue();
      if (nowNs - ask.nextNs >= 0) {
        if (ask.asked == MAX_ASKS) {
          each.remove();
        } else {
          ask.asked++;
          ask.nextNs = nowNs + NEXT_ASK_NS;
          due.add(entry.getKey());
        }
      }
    }
    return due.isEmpty() ? Optional.empty() : Optional.of(written(ownSsrc, due));
  }

  /** Numbers, each with a mask of the 16 after it. */
  private byte[] written(int ownSsrc, List<Long> due) {
    ByteBuffer out = ByteBuffer.allocate(12 + 4 * due.size());
    out.position(12);
    int at = 0;
    while (at < due.size()) {
      long first = due.get(at++);
      int mask = 0;
      while (at < due.size() && due.get(at) - first <= MASK_BITS) {
        mask |= 1 << (due.get(at++) - first - 1);
      }
      out.putShort((short) first).putShort((short) mask);
    }
    out.flip();
    out.put((byte) (0x80 | GENERIC_NACK)).put((byte) TRANSPORT_FEEDBACK);
    out.putShort((short) (out.limit() / 4 - 1)).putInt(ownSsrc).putInt(ssrc);
    byte[] packet = new byte[out.limit()];
    out.rewind().get(packet);
    return packet;
  }
}
