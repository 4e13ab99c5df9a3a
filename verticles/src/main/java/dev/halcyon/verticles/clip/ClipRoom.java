package dev.halcyon.verticles.clip;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * The room on the disk that clips may take, those included that are just being written. Any thread.
 */
public final class ClipRoom {
  private final LongSupplier freeBytes;
  private final AtomicLong claimedBytes = new AtomicLong();

  /**
   * @param freeBytes what is free where clips are kept, less what rings have been promised of it
   *     and not taken yet; may block on the disk
   */
  public ClipRoom(LongSupplier freeBytes) {
    this.freeBytes = freeBytes;
  }

  /** Room for a file that is being written; closed once it is there, or given up. */
  public final class Claim implements AutoCloseable {
    private final long bytes;

    private Claim(long bytes) {
      this.bytes = bytes;
    }

    public long bytes() {
      return bytes;
    }

    @Override
    public void close() {
      claimedBytes.addAndGet(-bytes);
    }
  }

  /**
   * @param bytes the most that the file can have
   * @throws HalcyonException INSUFFICIENT_STORAGE when the room is not there
   */
  public Claim claim(long bytes) {
    Claim claim = new Claim(bytes);
    long claimed = claimedBytes.addAndGet(bytes);
    long free = freeBytes.getAsLong();
    if (claimed > free) {
      claim.close();
      throw new HalcyonException(
          ErrorCode.INSUFFICIENT_STORAGE,
          String.format(
              Locale.ROOT,
              "no room for a clip of up to %,d MiB: %,d MiB are free beside what rings were"
                  + " promised; delete clips or streams, or free disk space",
              (bytes >> 20) + 1,
              Math.max(0, free - (claimed - bytes)) >> 20));
    }
    return claim;
  }
}
