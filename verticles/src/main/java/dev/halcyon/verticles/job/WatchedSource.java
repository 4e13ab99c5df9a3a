package dev.halcyon.verticles.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Optional;

/**
 * The file that a run works on, and whether it is still the one that the run began with: what is
 * still being downloaded or recorded is another file at each step. One thread.
 */
final class WatchedSource {
  private final Path file;
  private Optional<Identity> begun = Optional.empty();

  /** Cheap to tell, and never the same for two contents on one disk. */
  private record Identity(Path file, long bytes, FileTime modifiedAt, Optional<Object> key) {
    static Identity of(Path file) throws IOException {
      BasicFileAttributes facts = Files.readAttributes(file, BasicFileAttributes.class);
      return new Identity(
          file, facts.size(), facts.lastModifiedTime(), Optional.ofNullable(facts.fileKey()));
    }
  }

  WatchedSource(Path file) {
    this.file = file;
  }

  Path path() {
    return file;
  }

  /** Who the file is now, as text; from the first call on it is to stay that. */
  String identity() throws IOException {
    Identity now = Identity.of(file);
    begun = begun.or(() -> Optional.of(now));
    return now.toString();
  }

  /** Whether it is what it was when its identity was first asked for. */
  boolean isSame() throws IOException {
    try {
      return begun.isEmpty() || begun.get().equals(Identity.of(file));
    } catch (NoSuchFileException gone) {
      return false;
    }
  }
}
