package dev.halcyon.verticles.ingest.rtmp;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server's meters, and its log of refusals: one line per reason and window, with the count of
 * those that the window before swallowed. One thread: a verticle instance's.
 */
final class RtmpMetrics {
  private static final String CONNECTIONS = "halcyon.rtmp.connections";
  private static final Logger log = LoggerFactory.getLogger(RtmpMetrics.class);
  private static final long WINDOW_NS = 10_000_000_000L;

  private final MeterRegistry registry;
  private final Counter ingestBytes;
  private final Map<String, Rejections> rejections = new HashMap<>();

  RtmpMetrics(MeterRegistry registry, ConnectionLimits limits) {
    this.registry = registry;
    this.ingestBytes = registry.counter("halcyon.rtmp.ingest.bytes");
    // Every instance of the server has the same limits: the first one's gauges are those of all.
    if (registry.find(CONNECTIONS).gauge() == null) {
      register(limits);
    }
  }

  private void register(ConnectionLimits limits) {
    Gauge.builder(CONNECTIONS, limits, ConnectionLimits::connections)
        .strongReference(true)
        .register(registry);
    Gauge.builder("halcyon.rtmp.buffer.bytes", limits.bufferBytes(), AtomicLong::get)
        .strongReference(true)
        .register(registry);
  }

  void countBytes(int bytes) {
    ingestBytes.increment(bytes);
  }

  /**
   * A connection was refused or broken off by us.
   *
   * @param reason one of few, as a meter's tag
   */
  void countRejection(String reason, String remoteAddress, String text, long nowNs) {
    rejections
        .computeIfAbsent(reason, key -> new Rejections(key, registry))
        .add(remoteAddress, text, nowNs);
  }

  private static final class Rejections {
    private final String reason;
    private final Counter counter;
    private long windowEndNs;
    private boolean hasWindow;
    private int unlogged;

    Rejections(String reason, MeterRegistry registry) {
      this.reason = reason;
      this.counter = registry.counter("halcyon.rtmp.rejected", "reason", reason);
    }

    void add(String remoteAddress, String text, long nowNs) {
      counter.increment();
      if (hasWindow && nowNs - windowEndNs < 0) {
        unlogged++;
        return;
      }
      log.warn(
          "RTMP connection closed [reason={}, remoteAddress={}, unlogged={}]: {}",
          reason,
          remoteAddress,
          unlogged,
          text);
      hasWindow = true;
      windowEndNs = nowNs + WINDOW_NS;
      unlogged = 0;
    }
  }
}
