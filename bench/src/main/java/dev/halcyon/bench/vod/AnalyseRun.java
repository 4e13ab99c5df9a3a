package dev.halcyon.bench.vod;

import dev.halcyon.bench.LinuxMemory;
import dev.halcyon.codecs.analyse.AnalysisListener;
import dev.halcyon.codecs.analyse.AnalysisOptions;
import dev.halcyon.codecs.analyse.FileAnalyser;
import dev.halcyon.codecs.probe.FileProbe;
import dev.halcyon.core.analysis.Analysis;
import dev.halcyon.core.asset.MediaProbe;
import dev.halcyon.core.asset.ProbeLimits;
import dev.halcyon.core.media.Codec;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.concurrent.TimeUnit;

/** One analysis in a JVM of its own: its time and its memory are nobody else's. */
final class AnalyseRun {
  private AnalyseRun() {}

  /**
   * @param arguments the file, and {@code FULL} or {@code COARSE}
   */
  public static void main(String[] arguments) throws InterruptedException {
    Path file = Path.of(arguments[0]);
    AnalysisOptions options =
        AnalysisOptions.FULL.withDepth(AnalysisOptions.Depth.valueOf(arguments[1]));
    ProbeLimits limits =
        new ProbeLimits(
            TimeUnit.HOURS.toMicros(24),
            8192,
            8192,
            1_000_000_000,
            Long.MAX_VALUE,
            EnumSet.of(Codec.H264, Codec.HEVC, Codec.VP9, Codec.AV1, Codec.VP8),
            TimeUnit.MINUTES.toMillis(10));
    try (LinuxMemory memory = LinuxMemory.watch()) {
      long startNs = System.nanoTime();
      MediaProbe probe = FileProbe.probe(file, limits);
      long probedNs = System.nanoTime();
      Analysis analysis = FileAnalyser.analyse(file, probe, options, AnalysisListener.NONE);
      long endNs = System.nanoTime();
      System.out.println(
          new JsonObject()
              .put("duration_us", probe.durationUs())
              .put("bits_per_second", probe.bitsPerSecond())
              .put("probe_ns", probedNs - startNs)
              .put("analyse_ns", endNs - probedNs)
              .put("pictures", analysis.frames().map(index -> index.frames()).orElse(0))
              .put("cuts", analysis.scenes().map(scenes -> scenes.cuts().size()).orElse(0))
              .put("damaged_packets", analysis.damagedPackets())
              .put("rss_anon_bytes", memory.peakBytes())
              .encode());
    }
  }
}
