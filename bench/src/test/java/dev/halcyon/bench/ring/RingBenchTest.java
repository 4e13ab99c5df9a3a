package dev.halcyon.bench.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class RingBenchTest {
  @TempDir Path folder;

  @Test
  void everyTableHasItsRowsAndNoTornReadIsValidated() throws Exception {
    Path json = folder.resolve("figures.json");
    Path files = Files.createDirectory(folder.resolve("files"));
    int exit =
        new CommandLine(new RingBench())
            .execute("--brief", "--json", json.toString(), "--dir", files.toString());
    JsonObject report = new JsonObject(Files.readString(json));
    System.out.println(report.encodePrettily());
    assertEquals(new JsonArray(), report.getJsonArray("failures"));
    assertEquals(0, exit);
    assertEquals(1, rows(report, "throughput").size());
    assertEquals(9, rows(report, "latency").size());
    assertEquals(3, rows(report, "pages").size());
    assertEquals(5 * 6, rows(report, "peers").size());
    assertEquals(4, rows(report, "streams").size());
    assertEquals(2 * 3, rows(report, "force").size());
    assertEquals(200, rows(report, "idle").getFirst().getInteger("rings"));
    assertEquals(1, rows(report, "recovery").size());
    assertEquals(0, rows(report, "overrun").getFirst().getLong("torn_reads_validated"));
    assertTrue(rows(report, "overrun").getFirst().getLong("validated_reads") > 0);
    assertEquals(List.of(), left(files), "files that were not deleted");
  }

  private static List<JsonObject> rows(JsonObject report, String part) {
    return report.getJsonArray(part).stream().map(JsonObject.class::cast).toList();
  }

  private static List<Path> left(Path files) throws IOException {
    try (Stream<Path> all = Files.list(files)) {
      return all.toList();
    }
  }

  @Test
  void aPartThatThereIsNotIsRefused() {
    assertEquals(
        CommandLine.ExitCode.USAGE, new CommandLine(new RingBench()).execute("--only", "nonsense"));
  }
}
