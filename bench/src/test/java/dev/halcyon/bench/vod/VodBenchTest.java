package dev.halcyon.bench.vod;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.halcyon.bench.FfmpegPeer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class VodBenchTest {
  @TempDir Path folder;

  @Test
  void analysesItsOwnVideosFullyAndCoarsely() throws Exception {
    Path json = folder.resolve("figures.json");
    Path files = Files.createDirectory(folder.resolve("files"));
    int exit =
        new CommandLine(new VodBench())
            .execute(
                "--brief",
                "--only",
                "analysis,memory",
                "--json",
                json.toString(),
                "--dir",
                files.toString());
    JsonObject report = new JsonObject(Files.readString(json));
    assertEquals(new JsonArray(), report.getJsonArray("failures"));
    assertEquals(0, exit);
    List<JsonObject> rows =
        report.getJsonArray("analysis").stream().map(JsonObject.class::cast).toList();
    for (String what : List.of("full", "coarse")) {
      assertTrue(
          rows.stream()
              .filter(row -> row.getString("what").equals(what))
              .allMatch(row -> row.getDouble("times_real_time") > 0),
          report::encode);
    }
    assertTrue(rows.size() >= 2, report::encode);
    assertEquals(2, report.getJsonArray("memory").size());
  }

  @Test
  void rendersBesideABareEncode() throws Exception {
    Path json = folder.resolve("figures.json");
    if (!FfmpegPeer.isInstalled()) {
      System.out.println("skipped: there is no ffmpeg on the PATH to render beside");
    }
    assumeTrue(FfmpegPeer.isInstalled());
    int exit =
        new CommandLine(new VodBench())
            .execute(
                "--brief",
                "--only",
                "render",
                "--json",
                json.toString(),
                "--dir",
                folder.toString());
    JsonObject report = new JsonObject(Files.readString(json));
    assertEquals(new JsonArray(), report.getJsonArray("failures"));
    assertEquals(0, exit);
    assertEquals(6, report.getJsonArray("render").size());
  }

  @Test
  void aPartThatThereIsNotIsRefused() {
    assertEquals(
        CommandLine.ExitCode.USAGE, new CommandLine(new VodBench()).execute("--only", "nonsense"));
  }
}
