package dev.halcyon.core.error;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.FileSystemException;
import org.junit.jupiter.api.Test;

final class DiskFailureTest {
  @Test
  void aFullDiskIsToldFromOtherFailures() {
    IOException full = new FileSystemException("/a/b", null, "No space left on device");
    assertEquals(ErrorCode.INSUFFICIENT_STORAGE, DiskFailure.codeOf(full));
    assertEquals(
        ErrorCode.INSUFFICIENT_STORAGE, DiskFailure.codeOf(new IOException("chunk", full)));
    assertEquals(
        ErrorCode.INSUFFICIENT_STORAGE, DiskFailure.codeOf(new IOException("Disk quota exceeded")));
    assertEquals(ErrorCode.IO_FAILED, DiskFailure.codeOf(new IOException("Input/output error")));
    assertEquals(ErrorCode.IO_FAILED, DiskFailure.codeOf(new IOException((String) null)));
  }
}
