package dev.halcyon.verticles.node;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** A node's folder, held by one process at a time. Closed when the node has stopped. */
final class DataFolder implements AutoCloseable {
  private final Path root;
  private final FileChannel lockFile;

  private DataFolder(Path root, FileChannel lockFile) {
    this.root = root;
    this.lockFile = lockFile;
  }

  /**
   * Makes the folder when it is absent, and takes it.
   *
   * @throws ConfigException when it cannot be written, or another process has it
   */
  static DataFolder take(Path root) {
    FileChannel channel = null;
    try {
      Files.createDirectories(root);
      channel =
          FileChannel.open(
              root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = channel.tryLock();
      if (lock == null) {
        throw new OverlappingFileLockException();
      }
      return new DataFolder(root, channel);
    } catch (OverlappingFileLockException taken) {
      closeQuietly(channel, taken);
      throw new ConfigException("another Halcyon uses data.dir " + root, taken);
    } catch (IOException failure) {
      closeQuietly(channel, failure);
      throw new ConfigException("data.dir " + root + " cannot be used: " + failure, failure);
    }
  }

  Path root() {
    return root;
  }

  /** The name of this installation as an owner of streams; made once. */
  String nodeId() throws IOException {
    Path file = root.resolve("node-id");
    if (Files.notExists(file)) {
      Files.writeString(file, UUID.randomUUID().toString());
    }
    return Files.readString(file).strip();
  }

  private static void closeQuietly(FileChannel channel, Exception cause) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException failure) {
        cause.addSuppressed(failure);
      }
    }
  }

  /** Lets another process have the folder. */
  @Override
  public void close() throws IOException {
    lockFile.close();
  }
}
