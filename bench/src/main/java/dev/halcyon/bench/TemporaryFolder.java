package dev.halcyon.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder for what a benchmark writes; closing deletes it with all that is in it. */
public record TemporaryFolder(Path path) implements AutoCloseable {
  /** In the system's own folder for such files. */
  public static TemporaryFolder create() throws IOException {
    return new TemporaryFolder(Files.createTempDirectory("halcyon-bench-"));
  }

  public static TemporaryFolder createIn(Path parent) throws IOException {
    return new TemporaryFolder(Files.createTempDirectory(parent, "halcyon-bench-"));
  }

  @Override
  public void close() throws IOException {
    List<Path> paths;
    try (Stream<Path> all = Files.walk(path)) {
      paths = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : paths) {
      Files.deleteIfExists(each);
    }
  }
}
