package dev.halcyon.bench.inference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class InferenceBenchTest {
  @TempDir Path folder;

  @Test
  void measuresRealModels() throws Exception {
    boolean isHere = System.getenv("HALCYON_TEST_DATA") != null;
    if (!isHere) {
      System.out.println("skipped: HALCYON_TEST_DATA is not set");
    }
    assumeTrue(isHere, "no models");
    Path json = folder.resolve("figures.json");
    int exit = new CommandLine(new InferenceBench()).execute("--brief", "--json", json.toString());
    JsonObject report = new JsonObject(Files.readString(json));
    assertEquals(new JsonArray(), report.getJsonArray("failures"));
    assertEquals(0, exit);
    for (String part : List.of("silero", "yamnet")) {
      assertEquals(2, report.getJsonArray(part).size());
      for (Object row : report.getJsonArray(part)) {
        JsonObject figures = (JsonObject) row;
        assertTrue(figures.getDouble("batched_per_second") > 0, report::encode);
        assertTrue(figures.getDouble("bare_per_second") > 0, report::encode);
      }
    }
    assertEquals(6, report.getJsonArray("growth").size());
  }

  @Test
  void withoutModelsItFailsAndSaysWhatIsMissing() throws Exception {
    Path json = folder.resolve("figures.json");
    int exit =
        new CommandLine(new InferenceBench())
            .execute("--brief", "--models", folder.toString(), "--json", json.toString());
    assertEquals(1, exit);
    assertTrue(Files.readString(json).contains("--models DIR"));
  }
}
