package dev.halcyon.bench.ring;

import dev.halcyon.bench.Machine;
import dev.halcyon.bench.Part;
import dev.halcyon.bench.TemporaryFolder;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.lang.management.ManagementFactory;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What the ring costs and how it compares, a table a question. */
@Command(
    name = "ring",
    description = "The packet ring: throughput, latency, peers, many rings, recovery, overrun.",
    mixinStandardHelpOptions = true)
public final class RingBench implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--quick", description = "End within a minute.")
  private boolean isQuick;

  @Option(names = "--brief", hidden = true, description = "Only to see that all works.")
  private boolean isBrief;

  @Option(names = "--json", paramLabel = "FILE", description = "Also write the figures here.")
  private Path json;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "Where the files lie that are measured (default: the temporary folder).")
  private Path dir = Path.of(System.getProperty("java.io.tmpdir"));

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "PART",
      description =
          "Some of throughput, latency, pages, peers, streams, force, idle, recovery,"
              + " overrun.")
  private List<String> only = List.of();

  @Option(
      names = "--latency-seconds",
      paramLabel = "N",
      description = "How long each of nine cases is recorded (default: ${DEFAULT-VALUE}).")
  private long latencyS = 60;

  @Option(
      names = "--streams-seconds",
      paramLabel = "N",
      description = "How long each case of streams and force is fed (default: ${DEFAULT-VALUE}).")
  private long streamsS = 60;

  @Option(
      names = "--overrun-minutes",
      paramLabel = "N",
      description = "How long readers are overrun (default: ${DEFAULT-VALUE}).")
  private double overrunMinutes = 1;

  @Override
  public Integer call() throws Exception {
    List<Part> parts = parts();
    Machine machine = Machine.here();
    FileStore store = Files.getFileStore(dir);
    System.out.println("machine: " + machine);
    System.out.printf(
        Locale.ROOT,
        "files: %s on %s; load average %.1f before the run%n%n",
        store.type(),
        store.name(),
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    JsonObject report =
        new JsonObject()
            .put("bench", "ring")
            .put("machine", machine.json())
            .put("length", length().name());
    List<String> failures = measure(parts, report);
    report.put("failures", new JsonArray(failures));
    if (json != null) {
      Files.writeString(json, report.encodePrettily() + System.lineSeparator());
    }
    failures.forEach(failure -> System.out.println("FAILED: " + failure));
    return failures.isEmpty() ? 0 : 1;
  }

  private Part.Length length() {
    if (isBrief) {
      return Part.Length.BRIEF;
    }
    return isQuick ? Part.Length.QUICK : Part.Length.FULL;
  }

  private List<Part> parts() {
    List<Part> all =
        List.of(
            new ThroughputPart(),
            new LatencyPart(latencyS),
            new PagesPart(),
            new PeersPart(),
            new StreamsPart(streamsS),
            new ForcePart(streamsS),
            new IdlePart(),
            new RecoveryPart(),
            new OverrunPart(overrunMinutes));
    for (String name : only) {
      if (all.stream().noneMatch(part -> part.name().equals(name))) {
        throw new ParameterException(spec.commandLine(), "no such part: " + name);
      }
    }
    return all.stream().filter(part -> only.isEmpty() || only.contains(part.name())).toList();
  }

  private List<String> measure(List<Part> parts, JsonObject report) {
    List<String> failures = new ArrayList<>();
    for (Part part : parts) {
      try (TemporaryFolder own = TemporaryFolder.createIn(dir)) {
        Part.Figures figures = part.measure(new Part.Setting(own.path(), length()));
        System.out.printf("%s: %s%n%s%n", part.name(), figures.question(), figures.table());
        report.put(part.name(), figures.rows());
        failures.addAll(figures.failures());
      } catch (Exception failure) {
        failures.add(part.name() + ": " + failure);
      }
    }
    return failures;
  }
}
