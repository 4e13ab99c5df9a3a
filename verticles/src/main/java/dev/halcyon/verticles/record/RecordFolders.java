package dev.halcyon.verticles.record;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where recordings lie: {@code {dir}/{workspace}/{stream}}. Any thread; blocking. */
final class RecordFolders {
  private static final Logger log = LoggerFactory.getLogger(RecordFolders.class);
  private static final String DELETED = ".deleted";

  private final Path dir;

  /** A stream's folder. */
  record Found(UUID workspaceId, UUID streamId, Path folder) {}

  RecordFolders(Path dir) {
    this.dir = dir;
  }

  Path of(UUID workspaceId, UUID streamId) {
    return dir.resolve(workspaceId.toString()).resolve(streamId.toString());
  }

  /** The folders of all streams that were ever recorded here. */
  List<Found> all() throws IOException {
    List<Found> found = new ArrayList<>();
    for (Path workspace : entries(dir)) {
      Optional<UUID> workspaceId = id(workspace);
      if (workspaceId.isPresent()) {
        for (Path stream : entries(workspace)) {
          id(stream).ifPresent(id -> found.add(new Found(workspaceId.get(), id, stream)));
        }
      }
    }
    return found;
  }

  /** Makes the folder, and ends the deletions that an earlier run began. */
  void adopt() throws IOException {
    Files.createDirectories(dir);
    for (Path workspace : entries(dir)) {
      for (Path stream : entries(workspace)) {
        if (stream.getFileName().toString().endsWith(DELETED)) {
          deleteTree(stream);
        }
      }
    }
  }

  /** Deletes a stream's folder, whole or, should the process die, at the next start. */
  void delete(UUID streamId) {
    try {
      for (Path workspace : entries(dir)) {
        Path folder = workspace.resolve(streamId.toString());
        if (Files.isDirectory(folder)) {
          Path doomed = folder.resolveSibling(streamId + DELETED);
          Files.move(folder, doomed);
          deleteTree(doomed);
        }
      }
    } catch (IOException failure) {
      throw new UncheckedIOException("the recording of " + streamId + " stays for now", failure);
    }
  }

  private static List<Path> entries(Path folder) throws IOException {
    List<Path> entries = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (DirectoryStream<Path> paths = Files.newDirectoryStream(folder, Files::isDirectory)) {
        paths.forEach(entries::add);
      }
    }
    return entries;
  }

  private static Optional<UUID> id(Path folder) {
    try {
      return Optional.of(UUID.fromString(folder.getFileName().toString()));
    } catch (IllegalArgumentException foreign) {
      log.debug("no recording [folder={}]", folder);
      return Optional.empty();
    }
  }

  private static void deleteTree(Path folder) throws IOException {
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
