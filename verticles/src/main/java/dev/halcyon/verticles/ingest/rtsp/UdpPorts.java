package dev.halcyon.verticles.ingest.rtsp;

import io.vertx.core.shareddata.Shareable;
import java.util.BitSet;
import java.util.OptionalInt;

/** The node's pairs of UDP ports, even and the next, lent to one track each. Any thread. */
final class UdpPorts implements Shareable {
  private final int firstPort;
  private final int pairs;
  private final BitSet lent = new BitSet();
  private int next;

  /**
   * @param range may hold no pair at all
   */
  UdpPorts(RtspOptions.PortRange range) {
    this.firstPort = range.first() + (range.first() & 1);
    this.pairs = Math.max(0, (range.last() - firstPort + 1) / 2);
  }

  /** Another pair than those lent last, for which packets may still be under way. */
  synchronized OptionalInt lend() {
    int pair = lent.nextClearBit(next);
    if (pair >= pairs) {
      pair = lent.nextClearBit(0);
    }
    if (pair >= pairs) {
      return OptionalInt.empty();
    }
    lent.set(pair);
    next = pair + 1;
    return OptionalInt.of(firstPort + 2 * pair);
  }

  synchronized void giveBack(int rtpPort) {
    lent.clear((rtpPort - firstPort) / 2);
  }

  synchronized int lentPairs() {
    return lent.cardinality();
  }
}
