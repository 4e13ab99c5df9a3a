package dev.halcyon.verticles.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ClipFolderTest {
  @TempDir private Path temporary;

  @Test
  void belongsToOneRunAtATime() {
    Path out = temporary.resolve("deep/out");
    try (ClipFolder first = ClipFolder.open(out)) {
      HalcyonException busy =
          assertThrows(HalcyonException.class, () -> ClipFolder.open(out).close());
      assertEquals(ErrorCode.EDIT_CONFLICT, busy.code());
      assertTrue(
          busy.getMessage().contains("process " + ProcessHandle.current().pid()), busy::getMessage);
      assertTrue(Files.isDirectory(first.work()));
    }
    ClipFolder.open(out).close();
  }

  @Test
  void throwsAwayWhatAKilledRunLeftUnfinished() throws Exception {
    Path leftover = temporary.resolve(".halcyon/work/step-1/clip-01.mp4");
    Files.createDirectories(leftover.getParent());
    Files.writeString(leftover, "half");
    try (ClipFolder folder = ClipFolder.open(temporary)) {
      assertFalse(Files.exists(leftover));
      assertEquals(temporary.resolve("clip-01.mp4"), folder.clip("clip-01", ".mp4"));
    }
  }

  @Test
  void saysThatAFileIsNoFolder() throws Exception {
    Path file = temporary.resolve("file");
    Files.writeString(file, "");
    HalcyonException wrong =
        assertThrows(HalcyonException.class, () -> ClipFolder.open(file).close());
    assertEquals(ErrorCode.IO_FAILED, wrong.code());
  }

  @Test
  void aFileIsReplacedAsAWhole() throws Exception {
    Path file = temporary.resolve("facts.json");
    WholeFile.write(file, "first");
    WholeFile.write(file, "second");
    assertEquals("second", Files.readString(file));
    try (var all = Files.list(temporary)) {
      assertEquals(1, all.count());
    }
  }
}
