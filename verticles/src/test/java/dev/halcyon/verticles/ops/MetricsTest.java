package dev.halcyon.verticles.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.detect.SignalKind;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private final Metrics metrics = new Metrics();

  @AfterEach
  void close() {
    metrics.close();
  }

  @Test
  void namesAndUnitsThatDashboardsRelyOn() {
    metrics.activeStreams(() -> 3);
    metrics.tapLag(Metrics.Tap.AUDIO, () -> 0.25);
    metrics.tapLag(Metrics.Tap.VIDEO, () -> 1.5);
    metrics.ringAppended(1_500);
    metrics.ingested(7_000);
    metrics.ingested(1_000);
    metrics.signalRaised(SignalKind.CROWD_REACTION);
    metrics.highlightOpened();
    metrics.clipAnnounced(120_000_000);
    metrics.clipFailed();
    metrics.endToEnd(4_200_000);

    String text = metrics.scrape();
    for (String line :
        List.of(
            "active_streams 3.0",
            "halcyon_tap_lag_seconds{tap=\"audio\"} 0.25",
            "halcyon_tap_lag_seconds{tap=\"video\"} 1.5",
            "halcyon_ring_append_seconds_bucket{le=\"1.0E-6\"} 0",
            "halcyon_ring_append_seconds_bucket{le=\"2.0E-6\"} 1",
            "halcyon_ring_append_seconds_count 1",
            "halcyon_ingest_bytes_total 8000.0",
            "halcyon_signals_total{kind=\"crowd_reaction\"} 1.0",
            "halcyon_highlights_total 1.0",
            "halcyon_clip_latency_seconds_bucket{le=\"0.1\"} 0",
            "halcyon_clip_latency_seconds_bucket{le=\"0.15\"} 1",
            "halcyon_clip_latency_seconds_bucket{le=\"5.0\"} 1",
            "halcyon_clips_total{status=\"sealed\"} 1.0",
            "halcyon_clips_total{status=\"failed\"} 1.0",
            "stream_e2e_latency_seconds_bucket{le=\"4.0\"} 0",
            "stream_e2e_latency_seconds_bucket{le=\"5.0\"} 1",
            "stream_e2e_latency_seconds_sum 4.2",
            "halcyon_native_bytes{tag=\"frame\"} 0.0")) {
      assertTrue(text.contains("\n" + line + "\n"), () -> line + " is not in:\n" + text);
    }
    assertTrue(text.contains("\njvm_memory_used_bytes{"), text);
    assertTrue(text.contains("\nprocess_files_open_files "), text);
    assertTrue(valueOf(text, "process_rss_anon_bytes") > 1 << 20, text);
  }

  @Test
  void noLabelCanTakeUnboundedValues() {
    String text = metrics.scrape();
    Set<String> labels =
        Pattern.compile("[{,]([a-z_]+)=\"")
            .matcher(text)
            .results()
            .map(result -> result.group(1))
            .collect(Collectors.toSet());
    Set<String> bounded =
        Set.of(
            "kind", "status", "tap", "tag", "le", "area", "id", "state", "action", "cause", "gc");
    labels.removeAll(bounded);
    assertEquals(Set.of(), labels);
  }

  @Test
  void readsAnonymousMemoryFromTheStatusOfTheProcess() {
    assertEquals(
        2_048.0 * 1024,
        ResidentMemory.anonymousBytes(
            List.of("VmRSS:\t   90000 kB", "RssAnon:\t    2048 kB", "RssFile:\t 80 kB")));
    assertTrue(Double.isNaN(ResidentMemory.anonymousBytes(List.of("VmRSS:\t 1 kB"))));
  }

  private static double valueOf(String text, String name) {
    return text.lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow();
  }
}
