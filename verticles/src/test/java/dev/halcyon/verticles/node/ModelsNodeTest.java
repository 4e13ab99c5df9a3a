package dev.halcyon.verticles.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.halcyon.core.model.ModelEntry;
import dev.halcyon.core.model.ModelFile;
import dev.halcyon.verticles.ingest.rtmp.ForeignTool;
import dev.halcyon.verticles.model.ModelCatalogue;
import dev.halcyon.verticles.model.ModelFolder;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node that begins without models, gets a wrong file, then the real ones. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(120)
class ModelsNodeTest {
  private final ModelCatalogue catalogue = ModelCatalogue.load();
  private Path folder;
  private TestNode node;
  private TestUser user;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    this.folder = folder;
    node = TestNode.start(folder, Map.of());
    user = node.user();
  }

  @AfterAll
  void stop() throws Exception {
    node.close();
  }

  private JsonObject get(String path) {
    HttpResponse<byte[]> answer = user.send("GET", path);
    String text = new String(answer.body(), StandardCharsets.UTF_8);
    assertEquals(200, answer.statusCode(), text);
    return new JsonObject(text);
  }

  private JsonObject model(String name) {
    return get("/api/health/gpu").getJsonArray("models").stream()
        .map(JsonObject.class::cast)
        .filter(model -> model.getString("name").equals(name))
        .findFirst()
        .orElseThrow();
  }

  private ModelFolder models() {
    return new ModelFolder(TestNode.dataDir(folder).resolve("models"));
  }

  private static Path data(String name) {
    String data = System.getenv("HALCYON_TEST_DATA");
    Path file = Path.of(data == null ? "" : data, name);
    if (data == null || Files.notExists(file)) {
      System.out.println("skipped: HALCYON_TEST_DATA has no " + name);
    }
    assumeTrue(data != null && Files.exists(file), "no " + name);
    return file;
  }

  @Test
  @Order(1)
  void withoutModelsItWorksAndSaysWhatIsMissing() {
    JsonObject health = get("/api/health/gpu");
    assertEquals("off", health.getString("status"));
    assertTrue(health.getString("runtime").startsWith("ONNX Runtime 1."), health::encode);
    assertEquals("cpu", health.getString("device"));
    JsonObject voices = model("silero-vad");
    assertEquals("off", voices.getString("status"));
    assertTrue(voices.getString("reason").contains("models fetch silero-vad"), voices::encode);
    assertTrue(model("yamnet").getString("reason").contains("models import yamnet"));
    assertNull(get("/api/capacity").getInteger("more_streams"));
  }

  @Test
  @Order(2)
  void aStrangerIsToldNothing() {
    assertEquals(401, node.visitor().send("GET", "/api/health/gpu").statusCode());
    assertEquals(401, node.visitor().send("GET", "/api/capacity").statusCode());
  }

  @Test
  @Order(3)
  void aWrongFileKeepsItsModelOff() throws Exception {
    Path place = models().path(catalogue.entry("silero-vad"), silero());
    Files.createDirectories(place.getParent());
    Files.writeString(place, "not a model");
    node.manage("POST", "/models");
    assertTrue(model("silero-vad").getString("reason").contains("not the real one"));
    Files.delete(place);
  }

  private ModelFile silero() {
    return catalogue.entry("silero-vad").files().getFirst();
  }

  @Test
  @Order(4)
  void takesModelsUpWithoutARestartAndListensWithThem() throws Exception {
    adopt("silero-vad", data("models/silero_vad.onnx"));
    adopt("yamnet", data("models/yamnet_float.onnx"));
    Path speech = data("media/timecode_speech.mp4");
    ForeignTool.require("ffmpeg", "-version");
    JsonObject reloaded = node.manage("POST", "/models");
    assertEquals("ok", reloaded.getString("status"), reloaded::encode);
    JsonObject capacity = get("/api/capacity");
    assertTrue(capacity.getInteger("more_streams") > 0, capacity::encode);

    TestStream stream = user.stream(new JsonObject().put("enabled", true).put("threshold", 1));
    ForeignTool.run(
        folder,
        "ffmpeg",
        "-v",
        "error",
        "-readrate",
        "4",
        "-i",
        speech.toString(),
        "-t",
        "12",
        "-c",
        "copy",
        "-f",
        "flv",
        stream.rtmpUrl());
    stream.await("stream.ended");
    stream.await("signal", signal -> signal.getString("kind").equals("speech"));
    Set<String> kinds =
        stream.said("signal").stream()
            .map(said -> said.getJsonObject("data").getString("kind"))
            .collect(Collectors.toCollection(TreeSet::new));
    System.out.println("signals of real speech: " + kinds);
    assertTrue(!kinds.contains("gunshot") && !kinds.contains("applause"), kinds::toString);
    assertTrue(model("yamnet").getLong("answered") >= 10, () -> model("yamnet").encode());
    assertTrue(model("silero-vad").getLong("answered") >= 150, () -> model("silero-vad").encode());
    assertTrue(get("/api/capacity").getDouble("workspace_compute_s") > 0);
  }

  private void adopt(String name, Path file) {
    ModelEntry entry = catalogue.entry(name);
    models().copyIn(entry, entry.files().getFirst(), file);
  }
}
