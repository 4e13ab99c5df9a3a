package dev.halcyon.ring;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.time.Clock;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Makes ring files: whole under their name or not there at all, also when the process or the
 * machine dies. What a crash leaves lies under another name and goes with the next attempt.
 */
final class NewRingFile {
  private NewRingFile() {}

  /** Where a ring file is made before it gets its name. */
  static Path unfinished(Path path) {
    return path.resolveSibling(path.getFileName() + Ring.UNFINISHED_ENDING);
  }

  /**
   * A sparse file with its identity and its first blocks; the rest is zeros.
   *
   * @return how many bytes of blocks were taken
   * @throws HalcyonException INSUFFICIENT_STORAGE when the first blocks cannot be taken; IO_FAILED
   *     when the file exists or cannot be made
   */
  static long make(Path path, RingOptions options) {
    Path unfinished = unfinished(path);
    long fileBytes = RingLayout.HEADER_BYTES + options.capacityBytes();
    long takenBytes = Math.min(options.allocationStepBytes(), fileBytes);
    try {
      if (Files.exists(path)) {
        throw failed(new IOException("it exists already"));
      }
      Files.deleteIfExists(unfinished);
      write(unfinished, fileBytes, takenBytes, options);
      Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE);
      forceFolder(path.toAbsolutePath().getParent());
      return takenBytes;
    } catch (IOException failure) {
      HalcyonException stated = failed(failure);
      delete(unfinished, stated);
      throw stated;
    } catch (RuntimeException failure) {
      delete(unfinished, failure);
      throw failure;
    }
  }

  private static void write(Path file, long fileBytes, long takenBytes, RingOptions options)
      throws IOException {
    try (RandomAccessFile access = new RandomAccessFile(file.toFile(), "rw")) {
      access.setLength(fileBytes);
      FileChannel channel = access.getChannel();
      try {
        options.allocator().allocate(file, 0, takenBytes);
      } catch (IOException failure) {
        HalcyonException stated = noRoom(String.valueOf(failure.getMessage()));
        stated.addSuppressed(failure);
        throw stated;
      }
      channel.write(HeaderPage.identityOf(options.capacityBytes(), Clock.system().wallUs()), 0);
      channel.force(true);
    }
  }

  /** So that the name outlives a power cut; not every system lets a folder be opened. */
  private static void forceFolder(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException failure) {
      System.getLogger(NewRingFile.class.getName())
          .log(System.Logger.Level.DEBUG, "a folder cannot be forced", failure);
    }
  }

  static HalcyonException noRoom(String why) {
    return new HalcyonException(ErrorCode.INSUFFICIENT_STORAGE, "no room for the ring: " + why);
  }

  private static HalcyonException failed(IOException failure) {
    return new HalcyonException(
        ErrorCode.IO_FAILED, "cannot make the ring file: " + failure, failure);
  }

  static void delete(Path path, RuntimeException because) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException failure) {
      because.addSuppressed(failure);
    }
  }
}
