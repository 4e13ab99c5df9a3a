package dev.halcyon.verticles.blob;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Iterator;
import java.util.UUID;

/** A {@link BlobStore} in a folder of this machine. One node uses a folder at a time. */
public final class LocalBlobStore implements BlobStore {
  private static final String STAGING = ".staging";
  private static final String QUARANTINE = ".quarantine";

  private final Path root;

  private LocalBlobStore(Path root) {
    this.root = root;
  }

  /** Opens a folder, making it when absent, and drops what an earlier run left unfinished. */
  public static LocalBlobStore open(Path root) throws IOException {
    Path absolute = root.toAbsolutePath().normalize();
    Path staging = Files.createDirectories(absolute.resolve(STAGING));
    deleteFilesIn(staging);
    return new LocalBlobStore(absolute);
  }

  @Override
  public Path stage(BlobKey key) throws IOException {
    Files.createDirectories(fileOf(key).getParent());
    return root.resolve(STAGING).resolve(UUID.randomUUID() + "." + key.extension());
  }

  @Override
  public void commit(Path staged, BlobKey key) throws IOException {
    Path target = fileOf(key);
    Files.createDirectories(target.getParent());
    Files.move(staged, target, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void force(BlobKey key) throws IOException {
    Path file = fileOf(key);
    try {
      force(file, StandardOpenOption.WRITE);
      // Its name is in a folder, whose name is in another one.
      for (Path at = file.getParent(); at.startsWith(root); at = at.getParent()) {
        force(at, StandardOpenOption.READ);
      }
    } catch (NoSuchFileException gone) {
      return;
    }
  }

  private static void force(Path path, OpenOption how) throws IOException {
    try (FileChannel channel = FileChannel.open(path, how)) {
      channel.force(true);
    }
  }

  @Override
  public Path fileOf(BlobKey key) {
    return root.resolve(key.text());
  }

  @Override
  public long sizeBytes(BlobKey key) throws IOException {
    return Files.size(fileOf(key));
  }

  @Override
  public void delete(BlobKey key) throws IOException {
    Path file = fileOf(key);
    if (Files.deleteIfExists(file)) {
      deleteIfEmpty(file.getParent());
    }
  }

  @Override
  public void deleteClip(UUID workspaceId, UUID clipId) throws IOException {
    Path folder = root.resolve(workspaceId.toString()).resolve("clips").resolve(clipId.toString());
    try {
      deleteFilesIn(folder);
    } catch (NoSuchFileException gone) {
      return;
    }
    Files.deleteIfExists(folder);
  }

  @Override
  public Iterator<StoredBlob> list() {
    return new LocalListing(root);
  }

  @Override
  public void quarantine(BlobKey key) throws IOException {
    Path aside = root.resolve(QUARANTINE).resolve(key.text());
    Files.createDirectories(aside.getParent());
    try {
      Files.move(fileOf(key), aside, StandardCopyOption.ATOMIC_MOVE);
      // From now on its age is that of the quarantine.
      Files.setLastModifiedTime(aside, FileTime.from(Instant.now()));
    } catch (NoSuchFileException gone) {
      return;
    }
    deleteIfEmpty(fileOf(key).getParent());
  }

  @Override
  public int dropQuarantined(Instant before) throws IOException {
    Path quarantine = root.resolve(QUARANTINE);
    int dropped = 0;
    for (Iterator<StoredBlob> files = new LocalListing(quarantine); files.hasNext(); ) {
      StoredBlob file = files.next();
      if (file.modified().isBefore(before)) {
        Files.deleteIfExists(quarantine.resolve(file.name()));
        dropped++;
      }
    }
    return dropped;
  }

  private static void deleteIfEmpty(Path folder) throws IOException {
    try {
      Files.deleteIfExists(folder);
    } catch (DirectoryNotEmptyException inUse) {
      // Other files of the clip are in it.
    }
  }

  private static void deleteFilesIn(Path folder) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    }
  }
}
