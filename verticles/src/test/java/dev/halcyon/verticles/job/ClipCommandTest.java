package dev.halcyon.verticles.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardFile;
import dev.halcyon.codecs.testcard.TestCardProgramme;
import dev.halcyon.core.access.AllowedTargets;
import dev.halcyon.verticles.fetch.AddressGuard;
import dev.halcyon.verticles.fetch.GuardedHttp;
import dev.halcyon.verticles.fetch.SourceFetch;
import dev.halcyon.verticles.fetch.SourceOptions;
import dev.halcyon.verticles.ops.Logging;
import dev.halcyon.verticles.step.Folders;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What a script meets: exit codes, errors, and Ctrl-C. */
final class ClipCommandTest {
  @TempDir private Path folder;
  private final PrintStream output = System.out;

  @BeforeEach
  @AfterEach
  void giveOutputBack() {
    System.setOut(output);
    Logging.configure("text", "info");
  }

  @Test
  void wrongOptionsAndMissingFilesHaveTheirCodes() throws Exception {
    Path file = Files.writeString(folder.resolve("a.mp4"), "no film");
    Path busy = folder.resolve("busy");

    assertEquals(2, exitOf(file.toString(), "--aspect", "wide"));
    assertEquals(2, exitOf(file.toString(), "--captions", "comic"));
    assertEquals(2, exitOf(file.toString(), "--min", "30", "--max", "20"));
    assertEquals(2, exitOf(file.toString(), "--layout", "round"));
    assertEquals(2, exitOf(file.toString(), "--transcript", folder.resolve("no.srt").toString()));
    assertEquals(2, exitOf("ftp://example.org/a.mp4"));
    assertEquals(3, exitOf("http://127.0.0.1/a.mp4", "--out", busy.toString()));
    assertFalse(Files.exists(busy.resolve("source/source.media")));
    assertEquals(3, exitOf(folder.resolve("none.mp4").toString()));
    try (ClipFolder other = ClipFolder.open(busy)) {
      assertNotNull(other);
      assertEquals(5, exitOf(file.toString(), "--out", busy.toString()));
    }
  }

  private static int exitOf(String... arguments) {
    return new CommandLine(new ClipCommand(ClipCommandTest::fetch)).execute(arguments);
  }

  /** Of every host that is on the public internet, and no other. */
  static SourceFetch fetch() {
    AddressGuard guard = new AddressGuard(AddressGuard.Resolver.SYSTEM, AllowedTargets.NONE);
    return new SourceFetch(new GuardedHttp(guard), SourceOptions.DEFAULT.forCommandLine());
  }

  @Test
  void stoppedByCtrlCItLeavesNothingHalfWrittenAndNobodyBehind() throws Exception {
    Path video = folder.resolve("long.mp4");
    TestCard card = TestCard.builder().size(1280, 720).programme(TestCardProgramme.demo()).build();
    TestCardFile.write(card, 12_000_000, video);
    Path out = folder.resolve("out");
    Process process = start(video, out);
    List<ProcessHandle> steps;
    try (BufferedReader said = process.inputReader(StandardCharsets.UTF_8)) {
      JsonObject line = new JsonObject(said.readLine());
      while (line.getString("type").equals("progress")) {
        line = new JsonObject(said.readLine());
      }
      assertEquals("ingest", line.getString("step"), line.encode());
      steps = process.descendants().toList();
      new ProcessBuilder("kill", "-INT", String.valueOf(process.pid())).start().waitFor();
      assertTrue(process.waitFor(30, TimeUnit.SECONDS), "still running");
      assertEquals(130, process.exitValue());
    } finally {
      process.destroyForcibly();
    }
    assertFalse(steps.stream().anyMatch(ProcessHandle::isAlive), "a step lives on");
    assertFalse(Files.exists(out.resolve(".halcyon/work")), "unfinished files");
    String state = Files.readString(out.resolve(".halcyon/job.json"));
    assertFalse(state.contains("\"running\""), state);
    Folders.delete(out);
  }

  private static Process start(Path video, Path out) throws Exception {
    // Whoever runs the tests in the background has SIGINT ignored, and a child would inherit that.
    List<String> line = new ArrayList<>(List.of("env", "--default-signal=INT"));
    line.add(ProcessHandle.current().info().command().orElseThrow());
    line.addAll(
        Arrays.asList(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Xmx128m",
            "-cp",
            System.getProperty("java.class.path"),
            "dev.halcyon.verticles.node.Halcyon",
            "clip",
            video.toString(),
            "--out",
            out.toString(),
            "--json"));
    return new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }
}
