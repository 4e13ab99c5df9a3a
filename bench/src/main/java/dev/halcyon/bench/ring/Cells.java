package dev.halcyon.bench.ring;

import io.vertx.core.json.JsonObject;
import java.util.Locale;
import org.HdrHistogram.AbstractHistogram;

/** How figures are written in tables. */
final class Cells {
  /** Nanoseconds are recorded up to ten seconds. */
  static final long LONGEST_NS = 10_000_000_000L;

  private Cells() {}

  /** Three figures or more, no more than two decimals. */
  static String number(double value) {
    String format = value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, format, value);
  }

  static String bytes(long bytes) {
    if (bytes >= 1 << 20 && bytes % (1 << 20) == 0) {
      return (bytes >> 20) + " MiB";
    }
    if (bytes >= 1 << 10 && bytes % (1 << 10) == 0) {
      return (bytes >> 10) + " KiB";
    }
    return bytes + " B";
  }

  static String mib(long bytes) {
    return number(bytes / 1048576.0);
  }

  /** Microseconds at a percentile of nanoseconds. */
  static String us(AbstractHistogram ns, double percentile) {
    return number(ns.getValueAtPercentile(percentile) / 1000.0);
  }

  static JsonObject distribution(AbstractHistogram ns) {
    return new JsonObject()
        .put("count", ns.getTotalCount())
        .put("mean_ns", ns.getTotalCount() == 0 ? 0 : ns.getMean())
        .put("p50_ns", ns.getValueAtPercentile(50))
        .put("p99_ns", ns.getValueAtPercentile(99))
        .put("p99_9_ns", ns.getValueAtPercentile(99.9))
        .put("p99_99_ns", ns.getValueAtPercentile(99.99))
        .put("max_ns", ns.getMaxValue());
  }
}
