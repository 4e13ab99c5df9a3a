package dev.halcyon.verticles.ingest.rtp;

import java.nio.ByteBuffer;

/**
 * Puts packets into the order of their sequence numbers. A packet in order passes at once and is
 * not copied; one ahead of a gap is kept until the gap is filled, or until it has waited too long
 * or too much is kept: then what is missing is lost. One thread.
 */
final class ReorderBuffer {
  /**
   * How much may wait.
   *
   * @param waitNs 0 for a transport that keeps order: a gap is a loss at once
   */
  record Limits(int maxPackets, int maxBytes, long waitNs) {
    /** A transport that keeps order. */
    static final Limits NONE = new Limits(1, 0, 0);

    /** 4 MiB: a tenth of a second at 300 Mb/s. */
    static Limits waiting(long waitNs) {
      return new Limits(2_048, 4 << 20, waitNs);
    }

    Limits {
      if (maxPackets < 1 || Integer.bitCount(maxPackets) != 1 || maxBytes < 0 || waitNs < 0) {
        throw new IllegalArgumentException("no such limits [maxPackets=" + maxPackets + "]");
      }
    }
  }

  /** Where packets go, in order. */
  interface Sink {
    /**
     * @param datagram valid during the call
     */
    void onPacket(long sequence, ByteBuffer datagram, long arrivalNs);

    /** So many packets before the next one will not come. */
    void onLost(long packets);
  }

  private final Limits limits;
  private final Sink sink;
  private final byte[][] kept;
  private final long[] arrivalNs;
  private long nextSequence;
  private boolean isStarted;
  private int keptPackets;
  private int keptBytes;

  ReorderBuffer(Limits limits, Sink sink) {
    this.limits = limits;
    this.sink = sink;
    this.kept = new byte[limits.maxPackets()][];
    this.arrivalNs = new long[limits.maxPackets()];
  }

  /**
   * @param sequence unwrapped to 64 bits
   * @return false when the packet came too late or was there before
   */
  boolean accept(long sequence, ByteBuffer datagram, long nowNs) {
    if (!isStarted) {
      isStarted = true;
      nextSequence = sequence;
    }
    if (sequence < nextSequence) {
      return false;
    }
    if (sequence == nextSequence) {
      nextSequence++;
      sink.onPacket(sequence, datagram, nowNs);
      passOn();
      return true;
    }
    if (limits.waitNs() == 0) {
      giveUpBefore(sequence);
      nextSequence++;
      sink.onPacket(sequence, datagram, nowNs);
      return true;
    }
    return keep(sequence, datagram, nowNs);
  }

  private boolean keep(long sequence, ByteBuffer datagram, long nowNs) {
    int length = datagram.remaining();
    while (sequence - nextSequence >= kept.length || keptBytes + length > limits.maxBytes()) {
      if (keptPackets == 0) {
        giveUpBefore(sequence);
        nextSequence++;
        sink.onPacket(sequence, datagram, nowNs);
        return true;
      }
      giveUpBefore(firstKept());
      passOn();
    }
    if (sequence <= nextSequence) {
      return accept(sequence, datagram, nowNs);
    }
    int slot = slotOf(sequence);
    if (kept[slot] != null) {
      return false;
    }
    byte[] copy = new byte[length];
    datagram.get(datagram.position(), copy);
    kept[slot] = copy;
    arrivalNs[slot] = nowNs;
    keptPackets++;
    keptBytes += length;
    return true;
  }

  /** Gives up what has been waited for too long. Call every few milliseconds. */
  void poll(long nowNs) {
    while (keptPackets > 0) {
      if (nowNs - oldestArrivalNs() < limits.waitNs()) {
        return;
      }
      giveUpBefore(firstKept());
      passOn();
    }
  }

  /** Passes on all that is kept, as if nothing else could come, and forgets where it was. */
  void flush() {
    while (keptPackets > 0) {
      giveUpBefore(firstKept());
      passOn();
    }
    isStarted = false;
  }

  int keptBytes() {
    return keptBytes;
  }

  private void passOn() {
    int slot = slotOf(nextSequence);
    while (kept[slot] != null) {
      byte[] packet = kept[slot];
      kept[slot] = null;
      keptPackets--;
      keptBytes -= packet.length;
      long sequence = nextSequence++;
      sink.onPacket(sequence, ByteBuffer.wrap(packet), arrivalNs[slot]);
      slot = slotOf(nextSequence);
    }
  }

  private void giveUpBefore(long sequence) {
    long missing = sequence - nextSequence;
    nextSequence = sequence;
    if (missing > 0) {
      sink.onLost(missing);
    }
  }

  private long firstKept() {
    long sequence = nextSequence;
    while (kept[slotOf(sequence)] == null) {
      sequence++;
    }
    return sequence;
  }

  /** Packets after the gap may have come out of order among themselves. */
  private long oldestArrivalNs() {
    long oldestNs = arrivalNs[slotOf(firstKept())];
    for (int slot = 0; slot < kept.length; slot++) {
      if (kept[slot] != null && arrivalNs[slot] - oldestNs < 0) {
        oldestNs = arrivalNs[slot];
      }
    }
    return oldestNs;
  }

  private int slotOf(long sequence) {
    return (int) (sequence & (kept.length - 1));
  }
}
