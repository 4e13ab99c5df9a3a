package dev.halcyon.verticles.store;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One process a folder: held until it is closed or the process dies, however it does. */
final class FolderLock implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(FolderLock.class);

  private final FileChannel channel;

  private FolderLock(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Takes the lock of a folder, making the folder when absent.
   *
   * @throws HalcyonException DATABASE_UNAVAILABLE when another process holds it
   */
  static FolderLock take(Path folder) {
    try {
      Files.createDirectories(folder);
      FileChannel channel =
          FileChannel.open(
              folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (!isHeld(channel)) {
        channel.close();
        throw new HalcyonException(
            ErrorCode.DATABASE_UNAVAILABLE, "another process uses the database in " + folder);
      }
      return new FolderLock(channel);
    } catch (IOException failure) {
      throw new HalcyonException(
          ErrorCode.DATABASE_UNAVAILABLE, "the folder cannot be used: " + folder, failure);
    }
  }

  private static boolean isHeld(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException ours) {
      return false;
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException failure) {
      log.warn("a lock file did not close", failure);
    }
  }
}
