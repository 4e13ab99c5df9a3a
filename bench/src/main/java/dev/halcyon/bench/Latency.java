package dev.halcyon.bench;

import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** How long something took, again and again. One thread at a time. */
public final class Latency {
  private static final long LONGEST_US = TimeUnit.MINUTES.toMicros(10);

  private final Histogram us = new Histogram(LONGEST_US, 3);

  void recordNs(long ns) {
    us.recordValue(Math.clamp(ns / 1_000, 0, LONGEST_US));
  }

  long count() {
    return us.getTotalCount();
  }

  long us(double percentile) {
    return us.getValueAtPercentile(percentile);
  }

  /** Milliseconds for a table; a dash when nothing was recorded. */
  public String ms(double percentile) {
    return count() == 0 ? "-" : String.format(Locale.ROOT, "%.1f", us(percentile) / 1000.0);
  }

  /** How many times as long this took as {@code other}, at the median; a dash without both. */
  String ratioTo(Latency other) {
    return count() == 0 || other.count() == 0
        ? "-"
        : String.format(Locale.ROOT, "%.2f", (double) us(50) / Math.max(1, other.us(50)));
  }

  public JsonObject json() {
    return new JsonObject()
        .put("count", count())
        .put("p50", us(50))
        .put("p90", us(90))
        .put("p99", us(99))
        .put("max", us.getMaxValue());
  }
}
