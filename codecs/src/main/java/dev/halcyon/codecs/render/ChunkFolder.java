package dev.halcyon.codecs.render;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A folder of coded chunks, each under the name of all that went into it: what was rendered once is
 * found again, by any render, also after a crash. Damaged files are taken for missing. Several
 * processes may share a folder. Any thread.
 */
public final class ChunkFolder {
  private static final String ENDING = ".chunk";
  private static final String PARTIAL_ENDING = ".part";

  /** A file that is still written is younger. */
  private static final Duration ABANDONED = Duration.ofHours(6);

  private final Path folder;
  private final long maxBytes;

  /**
   * @param folder made when it is not there
   * @param maxBytes what {@link #trim} leaves at most
   */
  public ChunkFolder(Path folder, long maxBytes) throws IOException {
    if (maxBytes < 0) {
      throw new IllegalArgumentException("no size [maxBytes=" + maxBytes + "]");
    }
    this.folder = Files.createDirectories(folder);
    this.maxBytes = maxBytes;
  }

  /** The file of a key, whole and marked as used now; closed by the caller. */
  Optional<CodedFile> find(String key) throws IOException {
    Path file = place(key);
    try {
      Optional<CodedFile> found = CodedFile.open(file);
      if (found.isPresent()) {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
      }
      return found;
    } catch (NoSuchFileException absent) {
      return Optional.empty();
    }
  }

  boolean has(String key) throws IOException {
    try (CodedFile found = find(key).orElse(null)) {
      return found != null;
    }
  }

  /** Begins the file of a key; there once it is committed. */
  CodedFileWriter begin(String key) throws IOException {
    return new CodedFileWriter(scratch(), place(key));
  }

  /** A key that nobody looks for, for what may yet have to be made again. */
  String attemptAt(String key) {
    return key + "-" + UUID.randomUUID();
  }

  /** Has the file of one key be that of another, in one step. */
  void rename(String key, String other) throws IOException {
    Files.move(place(key), place(other), StandardCopyOption.ATOMIC_MOVE);
  }

  void remove(String key) throws IOException {
    Files.deleteIfExists(place(key));
  }

  /** A name in the folder that nobody else uses; removed some time when it is left behind. */
  Path scratch() {
    return folder.resolve(UUID.randomUUID() + PARTIAL_ENDING);
  }

  private Path place(String key) {
    return folder.resolve(key + ENDING);
  }

  /** Removes what was not used for the longest time until the rest is small enough. */
  public void trim() throws IOException {
    record Held(Path path, Instant usedAt, long bytes) {}
    List<Held> held = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String name = file.getFileName().toString();
        try {
          Instant usedAt = Files.getLastModifiedTime(file).toInstant();
          if (name.endsWith(ENDING)) {
            held.add(new Held(file, usedAt, Files.size(file)));
          } else if (name.endsWith(PARTIAL_ENDING)
              && usedAt.isBefore(Instant.now().minus(ABANDONED))) {
            Files.deleteIfExists(file);
          }
        } catch (NoSuchFileException gone) {
          // Another process was faster.
        }
      }
    }
    held.sort((a, b) -> b.usedAt().compareTo(a.usedAt()));
    long bytes = 0;
    for (Held file : held) {
      bytes += file.bytes();
      if (bytes > maxBytes) {
        Files.deleteIfExists(file.path());
      }
    }
  }
}
