package dev.halcyon.bench.inference;

import dev.halcyon.bench.Machine;
import dev.halcyon.bench.Part;
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

/** What batching over streams brings, beside ONNX Runtime's own API. */
@Command(
    name = "inference",
    description = "Models asked by many streams: in batches, one at a time, and bare.",
    mixinStandardHelpOptions = true)
public final class InferenceBench implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--quick", description = "End within a minute.")
  private boolean isQuick;

  @Option(names = "--brief", hidden = true, description = "Only to see that all works.")
  private boolean isBrief;

  @Option(names = "--json", paramLabel = "FILE", description = "Also write the figures here.")
  private Path json;

  @Option(
      names = "--models",
      paramLabel = "DIR",
      description =
          "Where the models lie (default: those of HALCYON_TEST_DATA, else halcyon-data/models).")
  private Path models;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "PART",
      description = "Some of the parts: silero, yamnet, growth.")
  private List<String> only = List.of();

  @Override
  public Integer call() throws Exception {
    Machine machine = Machine.here();
    System.out.println("machine: " + machine);
    System.out.printf(
        Locale.ROOT,
        "load average %.1f before the run%n%n",
        ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    JsonObject report =
        new JsonObject()
            .put("bench", "inference")
            .put("machine", machine.json())
            .put("length", length().name());
    List<String> failures = measure(parts(), report);
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
    ModelFiles files = new ModelFiles(folder());
    List<Part> all =
        List.of(
            new BatchingPart<>(
                "silero",
                1.8,
                List.of(1, 4, 16, 64),
                files::openSilero,
                batch -> BareSession.silero(files.silero(), batch)),
            new BatchingPart<>(
                "yamnet",
                1.2,
                List.of(1, 4, 16),
                files::openYamnet,
                batch -> BareSession.yamnet(files.yamnet(), batch)),
            new GrowthPart(files));
    for (String name : only) {
      if (all.stream().noneMatch(part -> part.name().equals(name))) {
        throw new ParameterException(spec.commandLine(), "no such part: " + name);
      }
    }
    return all.stream().filter(part -> only.isEmpty() || only.contains(part.name())).toList();
  }

  private Path folder() {
    return Optional.ofNullable(models)
        .or(
            () ->
                Optional.ofNullable(System.getenv("HALCYON_TEST_DATA"))
                    .map(data -> Path.of(data, "models")))
        .orElse(Path.of("halcyon-data", "models"));
  }

  private List<String> measure(List<Part> parts, JsonObject report) {
    List<String> failures = new ArrayList<>();
    for (Part part : parts) {
      try {
        Part.Figures figures = part.measure(new Part.Setting(Path.of("."), length()));
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
