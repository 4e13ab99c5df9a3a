package dev.halcyon.verticles.ingest.whip;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * Tells a publisher when each of its packets came, by numbers that all its tracks share, so that it
 * knows the bitrate that the network bears (draft-holmer-rmcat-transport-wide-cc-extensions-01).
 * One thread.
 *
 * <pre>
 *   0 V:2 P:1 FMT:5=15 | 1 PT=205 | 2 length | 4 SSRC | 8 SSRC of media
 *   12 base sequence | 14 status count | 16 reference time:24, 64 ms | 19 feedback count
 *   20 chunks of 16 bits: 1 1 | 7 × status:2      0 lost, 1 delta of 8 bits, 2 delta of 16 bits
 *      deltas of 250 µs, filled up to whole words
 * </pre>
 */
final class TransportFeedback {
  /** More do not come between two reports; what is older counts as lost. */
  private static final int WINDOW_PACKETS = 512;

  private static final int STATUSES_A_CHUNK = 7;
  private static final long TICK_NS = 250_000;
  private static final long REFERENCE_NS = 64_000_000;
  private static final int FEEDBACK = 15;
  private static final int TRANSPORT_FEEDBACK = 205;
  private static final int LOST = 0;
  private static final int SMALL = 1;
  private static final int LARGE = 2;
  private static final long NONE = -1;

  private final long originNs;
  private final long[] arrivalNs = new long[WINDOW_PACKETS];
  private final long[] sequences = new long[WINDOW_PACKETS];
  private long highest = NONE;
  private long nextBase;
  private int count;

  TransportFeedback(long nowNs) {
    originNs = nowNs;
    Arrays.fill(sequences, NONE);
  }

  void onPacket(int sequence, long nowNs) {
    if (highest == NONE) {
      // So high that packets which overtook the first stay above zero.
      highest = 0x1_0000L + sequence;
      nextBase = highest;
    }
    long unwrapped = highest + (short) (sequence - (int) highest);
    if (unwrapped < nextBase) {
      return; // Reported as lost; the publisher will not wonder long.
    }
    if (unwrapped - nextBase >= WINDOW_PACKETS) {
      nextBase = unwrapped;
    }
    highest = Math.max(highest, unwrapped);
    int slot = slot(unwrapped);
    if (sequences[slot] != unwrapped) {
      sequences[slot] = unwrapped;
      arrivalNs[slot] = nowNs;
    }
  }

  /** All that came since the last report; empty when nothing did. */
  Optional<byte[]> report(int ownSsrc, int mediaSsrc) {
    long base = nextBase;
    while (base <= highest && !hasCome(base)) {
      base++;
    }
    if (highest == NONE || base > highest) {
      return Optional.empty();
    }
    long referenceTicks = (arrivalNs[slot(base)] - originNs) / REFERENCE_NS;
    ByteBuffer deltas = ByteBuffer.allocate(2 * WINDOW_PACKETS);
    int[] statuses = new int[WINDOW_PACKETS + STATUSES_A_CHUNK]; // The last chunk may end beyond.
    int packets = 0;
    long lastTicks = referenceTicks * (REFERENCE_NS / TICK_NS);
    for (long sequence = base; sequence <= highest; sequence++) {
      int status = LOST;
      if (hasCome(sequence)) {
        long ticks = (arrivalNs[slot(sequence)] - originNs) / TICK_NS;
        long delta = ticks - lastTicks;
        if (delta < Short.MIN_VALUE || delta > Short.MAX_VALUE) {
          break; // The rest goes into the next report.
        }
        status = put(delta, deltas);
        lastTicks = ticks;
      }
      statuses[packets++] = status;
    }
    nextBase = base + packets;
    return Optional.of(
        written(ownSsrc, mediaSsrc, base, referenceTicks, statuses, packets, deltas.flip()));
  }

  private static int put(long delta, ByteBuffer deltas) {
    if (delta >= 0 && delta <= 255) {
      deltas.put((byte) delta);
      return SMALL;
    }
    deltas.putShort((short) delta);
    return LARGE;
  }

  private byte[] written(
      int ownSsrc,
      int mediaSsrc,
      long base,
      long referenceTicks,
      int[] statuses,
      int packets,
      ByteBuffer deltas) {
    int chunks = (packets + STATUSES_A_CHUNK - 1) / STATUSES_A_CHUNK;
    int words = (20 + 2 * chunks + deltas.remaining() + 3) / 4;
    ByteBuffer out = ByteBuffer.allocate(4 * words);
    out.put((byte) (0x80 | FEEDBACK)).put((byte) TRANSPORT_FEEDBACK);
    out.putShort((short) (words - 1)).putInt(ownSsrc).putInt(mediaSsrc);
    out.putShort((short) base).putShort((short) packets);
    out.putInt((int) (referenceTicks << 8) | (count++ & 0xff));
    for (int chunk = 0; chunk < chunks; chunk++) {
      int symbols = 0xc000;
      for (int i = 0; i < STATUSES_A_CHUNK; i++) {
        symbols |= statuses[chunk * STATUSES_A_CHUNK + i] << (2 * (STATUSES_A_CHUNK - 1 - i));
      }
      out.putShort((short) symbols);
    }
    return out.put(deltas).array();
  }

  private boolean hasCome(long sequence) {
    return sequences[slot(sequence)] == sequence;
  }

  private static int slot(long sequence) {
    return (int) (sequence % WINDOW_PACKETS);
  }
}
