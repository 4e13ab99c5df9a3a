package dev.halcyon.codecs.analyse;

import dev.halcyon.core.analysis.AnalysisPart;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/**
 * How long the parts of an analysis took of the processor. Begins with its making, on the thread
 * that runs the analysis; only for that.
 */
final class PartClock {
  private final Map<AnalysisPart, Long> tookNs = new EnumMap<>(AnalysisPart.class);
  private final long begunNs = CpuTime.ofThisThreadNs();
  private long knownNs;

  /** A part took so long on this very thread. */
  void tookHere(AnalysisPart part, long cpuNs) {
    knownNs += cpuNs;
    tookElsewhere(part, cpuNs);
  }

  /** A part took so long on another thread. */
  void tookElsewhere(AnalysisPart part, long cpuNs) {
    tookNs.merge(part, cpuNs, Long::sum);
  }

  /**
   * Tells of all parts; what else this thread did was to read and to decode.
   *
   * @param parts that were wanted
   */
  void tell(AnalysisListener listener, Set<AnalysisPart> parts) {
    AnalysisPart.decodingOf(parts)
        .ifPresent(part -> tookHere(part, CpuTime.ofThisThreadNs() - begunNs - knownNs));
    parts.forEach(part -> listener.onTook(part, Duration.ofNanos(tookNs.getOrDefault(part, 0L))));
  }
}
