package dev.halcyon.core.error;

import java.io.IOException;
import java.util.stream.Stream;

/** Tells a disk that is full from other failures of files. */
public final class DiskFailure {
  private DiskFailure() {}

  /** INSUFFICIENT_STORAGE when there was no room, or no quota, for what was written; IO_FAILED. */
  public static ErrorCode codeOf(IOException failure) {
    boolean isFull =
        Stream.<Throwable>iterate(failure, cause -> cause != null, Throwable::getCause)
            .map(cause -> String.valueOf(cause.getMessage()))
            .anyMatch(
                text ->
                    text.contains("No space left on device")
                        || text.contains("Disk quota exceeded"));
    return isFull ? ErrorCode.INSUFFICIENT_STORAGE : ErrorCode.IO_FAILED;
  }
}
