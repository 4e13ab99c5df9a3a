package dev.halcyon.bench;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The machine that a figure was measured on. */
public record Machine(String processor, int cores, long memoryBytes, String kernel, String java) {
  public static Machine here() {
    return new Machine(
        field(Path.of("/proc/cpuinfo"), "model name").orElse("unknown processor"),
        Runtime.getRuntime().availableProcessors(),
        field(Path.of("/proc/meminfo"), "MemTotal").map(Machine::kibibytes).orElse(0L),
        System.getProperty("os.name") + ' ' + System.getProperty("os.version"),
        System.getProperty("java.vm.name") + ' ' + System.getProperty("java.runtime.version"));
  }

  public JsonObject json() {
    return new JsonObject()
        .put("processor", processor)
        .put("cores", cores)
        .put("memory_bytes", memoryBytes)
        .put("kernel", kernel)
        .put("java", java);
  }

  @Override
  public String toString() {
    return processor
        + ", "
        + cores
        + " cores, "
        + (memoryBytes >> 30)
        + " GiB, "
        + kernel
        + ", "
        + java;
  }

  /** The first value of a {@code name: value} line of a file under /proc. */
  public static Optional<String> field(Path file, String name) {
    try {
      return Files.readAllLines(file).stream()
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst();
    } catch (IOException unreadable) {
      return Optional.empty();
    }
  }

  public static long kibibytes(String text) {
    return Long.parseLong(text.substring(0, text.indexOf(' '))) << 10;
  }
}
