package dev.halcyon.ring;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The right to use a ring file, alone among all processes; given back by closing, or by dying.
 * {@code flock(2)} where there is one: a channel's lock would end with the closing of any other
 * descriptor of the file, as taking blocks does.
 */
final class RingLock implements AutoCloseable {
  /** Empty where the channel holds the lock. */
  private final Optional<PosixFile> file;

  private RingLock(Optional<PosixFile> file) {
    this.file = file;
  }

  /**
   * @throws HalcyonException IO_FAILED when another has it
   */
  static RingLock take(Path path, FileChannel channel) throws IOException {
    return PosixFile.canLock() ? takePosix(path) : takeOf(path, channel);
  }

  private static RingLock takePosix(Path path) throws IOException {
    PosixFile file = PosixFile.open(path);
    try {
      if (!file.tryLock()) {
        throw inUse(path);
      }
      return new RingLock(Optional.of(file));
    } catch (IOException | RuntimeException failure) {
      file.close();
      throw failure;
    }
  }

  private static RingLock takeOf(Path path, FileChannel channel) throws IOException {
    try {
      if (channel.tryLock() == null) {
        throw inUse(path);
      }
      return new RingLock(Optional.empty());
    } catch (OverlappingFileLockException ours) {
      HalcyonException stated = inUse(path);
      stated.addSuppressed(ours);
      throw stated;
    }
  }

  private static HalcyonException inUse(Path path) {
    return new HalcyonException(ErrorCode.IO_FAILED, "the ring file is in use [file=" + path + "]");
  }

  @Override
  public void close() throws IOException {
    if (file.isPresent()) {
      file.get().close();
    }
  }
}
