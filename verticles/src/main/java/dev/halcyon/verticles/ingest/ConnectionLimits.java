package dev.halcyon.verticles.ingest;

import io.vertx.core.shareddata.Shareable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts of the node's connections of one protocol, shared by all instances of its verticle. Any
 * thread.
 */
public final class ConnectionLimits implements Shareable {
  private final ConcurrentMap<String, Integer> byAddress = new ConcurrentHashMap<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicLong bufferBytes = new AtomicLong();

  /** Counts a connection in; false, and nothing counted, when there are too many. */
  public boolean enter(String address, int maxConnections, int maxPerAddress) {
    if (connections.incrementAndGet() > maxConnections) {
      connections.decrementAndGet();
      return false;
    }
    if (byAddress.merge(address, 1, Integer::sum) > maxPerAddress) {
      leave(address);
      return false;
    }
    return true;
  }

  public void leave(String address) {
    connections.decrementAndGet();
    byAddress.computeIfPresent(address, (key, count) -> count == 1 ? null : count - 1);
  }

  public int connections() {
    return connections.get();
  }

  /** Native bytes that all connections hold. */
  public AtomicLong bufferBytes() {
    return bufferBytes;
  }
}
