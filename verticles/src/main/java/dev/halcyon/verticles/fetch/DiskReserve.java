package dev.halcyon.verticles.fetch;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Free space that a fetch leaves alone, looked at once a second. Blocking; one thread. */
final class DiskReserve {
  private static final long EVERY_NS = 1_000_000_000;

  private final Path folder;
  private final long freeBytes;
  private long lookedNs = System.nanoTime() - EVERY_NS;

  DiskReserve(Path folder, long freeBytes) {
    this.folder = folder;
    this.freeBytes = freeBytes;
  }

  /**
   * @throws HalcyonException INSUFFICIENT_STORAGE, IO_FAILED
   */
  void require() {
    long now = System.nanoTime();
    if (now - lookedNs < EVERY_NS) {
      return;
    }
    lookedNs = now;
    try {
      long left = Files.getFileStore(folder).getUsableSpace();
      if (left < freeBytes) {
        throw new HalcyonException(
            ErrorCode.INSUFFICIENT_STORAGE,
            String.format(
                Locale.ROOT,
                "no room for the source: %,d MiB are left of %,d MiB that stay free",
                left >> 20,
                freeBytes >> 20));
      }
    } catch (IOException failure) {
      throw new HalcyonException(ErrorCode.IO_FAILED, failure.getMessage(), failure);
    }
  }
}
