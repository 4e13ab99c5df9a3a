package dev.halcyon.verticles.upload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UploadFolderTest {
  private final UUID id = UUID.randomUUID();
  @TempDir Path root;

  private UploadFolder open(long freeBytes) throws Exception {
    return UploadFolder.open(
        new UploadOptions(root, 1 << 20, Duration.ofHours(1), Duration.ofDays(1), freeBytes));
  }

  @Test
  void whatIsOnItsWayCountsAsTaken() throws Exception {
    long room = Files.getFileStore(root).getUsableSpace();
    UploadFolder folder = open(room / 2);
    UploadFolder.Claim first = folder.claim(room / 3);
    HalcyonException refused = assertThrows(HalcyonException.class, () -> folder.claim(room / 3));
    assertEquals(ErrorCode.INSUFFICIENT_STORAGE, refused.code());
    first.close();
    folder.claim(room / 3).close();
  }

  @Test
  void aKilledNodeLeavesNoUnfinishedFile() throws Exception {
    UploadFolder folder = open(0);
    Path whole = Files.writeString(folder.unfinished(id), "whole");
    Path half = Files.writeString(folder.unfinished(id), "ha");
    folder.finish(folder.force(whole, 5), id);
    assertThrows(HalcyonException.class, () -> folder.force(half, 5));
    open(0);
    assertFalse(Files.exists(half));
    assertTrue(Files.exists(folder.fileOf(id)));
    folder.delete(id);
    folder.delete(id);
    assertFalse(Files.exists(folder.fileOf(id)));
  }
}
