package dev.halcyon.verticles.upload;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Where uploads lie: whole ones by their id, unfinished ones apart from them. All but {@link
 * #fileOf} and {@link #unfinished} block. One node uses a folder at a time; any thread.
 */
final class UploadFolder {
  private static final String UNFINISHED = ".unfinished";

  private final Path root;
  private final long freeBytes;
  private final AtomicLong claimedBytes = new AtomicLong();

  private UploadFolder(Path root, long freeBytes) {
    this.root = root;
    this.freeBytes = freeBytes;
  }

  /** Opens a folder, making it when absent, and drops what an earlier run did not finish. */
  static UploadFolder open(UploadOptions options) throws IOException {
    Path unfinished = Files.createDirectories(options.dir().resolve(UNFINISHED));
    try (DirectoryStream<Path> left = Files.newDirectoryStream(unfinished)) {
      for (Path file : left) {
        Files.delete(file);
      }
    }
    return new UploadFolder(options.dir(), options.freeBytes());
  }

  /** Room for a file that is coming; closed once it is there, or given up. */
  final class Claim implements AutoCloseable {
    private final long bytes;

    private Claim(long bytes) {
      this.bytes = bytes;
    }

    @Override
    public void close() {
      claimedBytes.addAndGet(-bytes);
    }
  }

  /**
   * @throws HalcyonException INSUFFICIENT_STORAGE when the room is not there
   */
  Claim claim(long bytes) throws IOException {
    Claim claim = new Claim(bytes);
    long claimed = claimedBytes.addAndGet(bytes);
    long room = Files.getFileStore(root).getUsableSpace() - freeBytes;
    if (claimed > room) {
      claim.close();
      throw new HalcyonException(
          ErrorCode.INSUFFICIENT_STORAGE,
          String.format(
              Locale.ROOT,
              "no room for a file of %,d MiB: %,d MiB are left for uploads",
              (bytes >> 20) + 1,
              Math.max(0, room - (claimed - bytes)) >> 20));
    }
    return claim;
  }

  /** Where the file of an upload is, whether or not it exists. */
  Path fileOf(UUID id) {
    return root.resolve(id.toString());
  }

  /** A new place for a file on its way. */
  Path unfinished(UUID id) {
    return root.resolve(UNFINISHED).resolve(id + "." + UUID.randomUUID());
  }

  /**
   * Has a file that has come outlive a loss of power.
   *
   * @param sizeBytes that it has to have
   */
  Path force(Path unfinished, long sizeBytes) throws IOException {
    if (Files.size(unfinished) != sizeBytes) {
      throw new HalcyonException(ErrorCode.BAD_REQUEST, "the file has not the size agreed on");
    }
    try (FileChannel file = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
      file.force(true);
    }
    return unfinished;
  }

  /** Gives a file that has come its place. */
  void finish(Path unfinished, UUID id) throws IOException {
    Files.move(unfinished, fileOf(id), StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel folder = FileChannel.open(root, StandardOpenOption.READ)) {
      folder.force(true);
    }
  }

  void delete(UUID id) throws IOException {
    Files.deleteIfExists(fileOf(id));
  }
}
