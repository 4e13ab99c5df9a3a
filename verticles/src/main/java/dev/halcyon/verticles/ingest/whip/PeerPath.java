package dev.halcyon.verticles.ingest.whip;

import java.net.InetSocketAddress;

/** A way to a publisher: by UDP to an address, or over a TCP connection. On the event loop. */
interface PeerPath {
  void send(byte[] datagram);

  /** Where it ends, as we see it. */
  InetSocketAddress peer();
}
