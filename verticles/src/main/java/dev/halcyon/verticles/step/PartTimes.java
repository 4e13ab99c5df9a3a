package dev.halcyon.verticles.step;

import com.sun.management.OperatingSystemMXBean;
import dev.halcyon.core.analysis.AnalysisPart;
import io.vertx.core.json.JsonObject;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;

/**
 * How much of the processor each part of an analysis took, in a process that does nothing else:
 * what no part took of its own went into decoding the pictures, and counts to the part that needs
 * all of them. One thread; begins with its making.
 */
final class PartTimes {
  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private final Map<AnalysisPart, Duration> took = new EnumMap<>(AnalysisPart.class);
  private final Set<AnalysisPart> parts;
  private final long begunNs = SYSTEM.getProcessCpuTime();

  PartTimes(Set<AnalysisPart> parts) {
    this.parts = parts;
  }

  void took(AnalysisPart part, Duration cpu) {
    took.merge(part, cpu, Duration::plus);
  }

  /** {@code <step>_ms} for each part. */
  JsonObject json() {
    Duration all = Duration.ofNanos(SYSTEM.getProcessCpuTime() - begunNs);
    Duration known = took.values().stream().reduce(Duration.ZERO, Duration::plus);
    Duration decoding = all.compareTo(known) > 0 ? all.minus(known) : Duration.ZERO;
    AnalysisPart.decodingOf(parts).ifPresent(part -> took(part, decoding));
    JsonObject json = new JsonObject();
    took.forEach((part, cpu) -> json.put(AnalyseWork.stepOf(part).wire() + "_ms", cpu.toMillis()));
    return json;
  }
}
