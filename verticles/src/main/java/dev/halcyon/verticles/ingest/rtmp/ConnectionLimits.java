package dev.halcyon.verticles.ingest.rtmp;

import io.vertx.core.shareddata.Shareable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Counts of the node's RTMP connections, shared by all instances of the verticle. Any thread. */
final class ConnectionLimits implements Shareable {
  private final ConcurrentMap<String, Integer> byAddress = new ConcurrentHashMap<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicLong bufferBytes = new AtomicLong();

  /** Counts a connection in; false, and nothing counted, when there are too many. */
  boolean enter(String address, RtmpOptions options) {
    if (connections.incrementAndGet() > options.maxConnections()) {
      connections.decrementAndGet();
      return false;
    }
    if (byAddress.merge(address, 1, Integer::sum) > options.maxConnectionsPerAddress()) {
      leave(address);
      return false;
    }
    return true;
  }

  void leave(String address) {
    connections.decrementAndGet();
    byAddress.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
  }

  int connections() {
    return connections.get();
  }

  /** Native bytes that all connections hold. */
  AtomicLong bufferBytes() {
    return bufferBytes;
  }
}
