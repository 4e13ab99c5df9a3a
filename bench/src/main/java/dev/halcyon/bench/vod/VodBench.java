package dev.halcyon.bench.vod;

import dev.halcyon.bench.Machine;
import dev.halcyon.bench.Part;
import dev.halcyon.bench.TemporaryFolder;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What the work on finished videos costs, beside Debian's {@code ffmpeg} on the same files. */
@Command(
    name = "vod",
    description = "Finished videos: analysis and render, beside ffmpeg's bare decode and encode.",
    mixinStandardHelpOptions = true)
public final class VodBench implements Callable<Integer> {
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
      description = "Where the videos lie that are worked on (default: the temporary folder).")
  private Path dir = Path.of(System.getProperty("java.io.tmpdir"));

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "PART",
      description = "Some of the parts: analysis, memory, render, live.")
  private List<String> only = List.of();

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "Work on this video instead of those that the bench makes.")
  private Path file;

  @Override
  public Integer call() throws Exception {
    Part.Length length = length();
    List<Part> parts = parts();
    Machine machine = Machine.here();
    System.out.println("machine: " + machine);
    System.out.printf(
        Locale.ROOT,
        "load average %.1f before the run%n%n",
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    JsonObject report =
        new JsonObject()
            .put("bench", "vod")
            .put("machine", machine.json())
            .put("length", length.name());
    List<String> failures = measure(parts, length, report);
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
            new AnalysisPart(Optional.ofNullable(file)),
            new MemoryPart(),
            new RenderPart(),
            new LivePart());
    for (String name : only) {
      if (all.stream().noneMatch(part -> part.name().equals(name))) {
        throw new ParameterException(spec.commandLine(), "no such part: " + name);
      }
    }
    return all.stream().filter(part -> only.isEmpty() || only.contains(part.name())).toList();
  }

  private List<String> measure(List<Part> parts, Part.Length length, JsonObject report) {
    List<String> failures = new ArrayList<>();
    for (Part part : parts) {
      try (TemporaryFolder own = TemporaryFolder.createIn(dir)) {
        Part.Figures figures = part.measure(new Part.Setting(own.path(), length));
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
