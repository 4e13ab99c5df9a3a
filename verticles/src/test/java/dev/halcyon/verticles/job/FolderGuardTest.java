package dev.halcyon.verticles.job;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class FolderGuardTest {
  @TempDir private Path folder;

  @Test
  void aSourceUnderTheNameOfAClipIsNotWrittenOver() throws Exception {
    Path source = Files.writeString(folder.resolve("clip-01.mp4"), "the only copy");
    Files.createDirectories(folder.resolve(".halcyon"));
    Files.writeString(folder.resolve(".halcyon/job.json"), "{}");
    refused(List.of(source), "clip-01.mp4");

    Path link = Files.createSymbolicLink(folder.resolve("talk.mp4"), source);
    refused(List.of(link), "clip-01.mp4");
    Path words = Files.writeString(folder.resolve("clip-01.srt"), "");
    refused(List.of(folder, words), "clip-01.srt");
    assertEquals(
        2,
        new CommandLine(new ClipCommand(ClipCommandTest::fetch))
            .execute(source.toString(), "--out", folder.resolve(".").toString()));
    assertEquals("the only copy", Files.readString(source));
  }

  @Test
  void whatSomebodyElseHasInTheFolderStays() throws Exception {
    Path page = Files.writeString(folder.resolve("index.html"), "<html>my home page</html>");
    refused(List.of(), "index.html");
    Files.delete(page);
    Path project = folder.resolve("edit/clips.edl");
    Files.createDirectories(project.getParent());
    Files.writeString(project, "TITLE: mine");
    refused(List.of(), "clips.edl");
  }

  @Test
  void otherFilesAndFoldersOfEarlierRunsAreFine() throws Exception {
    Path source = Files.writeString(folder.resolve("talk.mp4"), "film");
    Files.writeString(folder.resolve("notes.html"), "");
    FolderGuard.require(folder.resolve("new"), List.of(source));
    FolderGuard.require(folder, List.of(source));

    Files.writeString(folder.resolve("clip-01.mp4"), "made");
    ContactSheet sheet = new ContactSheet("talk.mp4", "", 1, List.of(), List.of());
    Files.writeString(folder.resolve("index.html"), sheet.html());
    assertDoesNotThrow(() -> FolderGuard.require(folder, List.of(source)));
  }

  private void refused(List<Path> inputs, String name) {
    HalcyonException why =
        assertThrows(HalcyonException.class, () -> FolderGuard.require(folder, inputs));
    assertEquals(ErrorCode.BAD_REQUEST, why.code());
    assertTrue(why.getMessage().contains(name), why::getMessage);
  }
}
