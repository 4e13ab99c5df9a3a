package dev.halcyon.verticles.ingest;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server's meters, and its log of refusals: one line per reason and window, with the count of
 * those that the window before swallowed. One thread: a verticle instance's.
 */
public final class PublisherMetrics {
  private static final Logger log = LoggerFactory.getLogger(PublisherMetrics.class);
  private static final long WINDOW_NS = 10_000_000_000L;

  private final String protocol;
  private final MeterRegistry registry;
  private final Counter ingestBytes;
  private final Map<String, Rejections> rejections = new HashMap<>();

  /**
   * @param protocol the second part of each meter's name: {@code rtmp}, {@code rtsp}, …
   */
  public PublisherMetrics(String protocol, MeterRegistry registry, ConnectionLimits limits) {
    this.protocol = protocol;
    this.registry = registry;
    this.ingestBytes = registry.counter(name("ingest.bytes"));
    // Every instance of the server has the same limits: the first one's gauges are those of all.
    if (registry.find(name("connections")).gauge() == null) {
      register(limits);
    }
  }

  private void register(ConnectionLimits limits) {
    Gauge.builder(name("connections"), limits, ConnectionLimits::connections)
        .strongReference(true)
        .register(registry);
    Gauge.builder(name("buffer.bytes"), limits.bufferBytes(), AtomicLong::get)
        .strongReference(true)
        .register(registry);
  }

  private String name(String what) {
    return "halcyon." + protocol + "." + what;
  }

  public void countBytes(int bytes) {
    ingestBytes.increment(bytes);
  }

  /**
   * A connection was refused or broken off by us.
   *
   * @param reason one of few, as a meter's tag
   */
  public void countRejection(String reason, String remoteAddress, String text, long nowNs) {
    rejections
        .computeIfAbsent(
            reason,
            key -> new Rejections(key, protocol, registry.counter(name("rejected"), "reason", key)))
        .add(remoteAddress, text, nowNs);
  }

  private static final class Rejections {
    private final String reason;
    private final String protocol;
    private final Counter counter;
    private long windowEndNs;
    private boolean hasWindow;
    private int unlogged;

    Rejections(String reason, String protocol, Counter counter) {
      this.reason = reason;
      this.protocol = protocol.toUpperCase(Locale.ROOT);
      this.counter = counter;
    }

    void add(String remoteAddress, String text, long nowNs) {
      counter.increment();
      if (hasWindow && nowNs - windowEndNs < 0) {
        unlogged++;
        return;
      }
      log.warn(
          "{} connection closed [reason={}, remoteAddress={}, unlogged={}]: {}",
          protocol,
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
