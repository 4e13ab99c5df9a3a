package dev.halcyon.verticles.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.model.ModelEntry;
import dev.halcyon.core.model.ModelFile;
import dev.halcyon.core.model.ModelLicence;
import dev.halcyon.core.model.ModelTask;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ModelDownloadTest {
  private static final byte[] CONTENT = new byte[700_000];

  static {
    new Random(7).nextBytes(CONTENT);
  }

  @TempDir private Path data;

  private final List<String> ranges = new ArrayList<>();
  private HttpServer server;
  private ModelFolder folder;
  private ModelDownload download;

  /** Breaks off after so many bytes of an answer; 0 for never. */
  private int breaksAfterBytes;

  private byte[] content = CONTENT;
  private String tag = "\"one\"";

  @BeforeEach
  void serve() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    folder = new ModelFolder(data.resolve("models"));
    download = new ModelDownload(folder);
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    String condition = exchange.getRequestHeaders().getFirst("If-Range");
    ranges.add(String.valueOf(range));
    boolean isRest = range != null && (condition == null || condition.equals(tag));
    int from = isRest ? Integer.parseInt(range.replaceAll("\\D", "")) : 0;
    if (!tag.isEmpty()) {
      exchange.getResponseHeaders().set("ETag", tag);
    }
    if (isRest && from >= content.length) {
      exchange.getResponseHeaders().set("Content-Range", "bytes */" + content.length);
      exchange.sendResponseHeaders(416, -1);
    } else {
      exchange
          .getResponseHeaders()
          .set(
              "Content-Range", "bytes " + from + "-" + (content.length - 1) + "/" + content.length);
      exchange.sendResponseHeaders(isRest ? 206 : 200, content.length - from);
      int length = breaksAfterBytes > 0 ? breaksAfterBytes : content.length - from;
      exchange.getResponseBody().write(content, from, length);
    }
    exchange.close();
  }

  private ModelEntry entry(Optional<String> sha256, OptionalLong bytes) {
    URI url = URI.create("http://localhost:" + server.getAddress().getPort() + "/model.onnx");
    return new ModelEntry(
        "one",
        ModelTask.VOICE_ACTIVITY,
        new ModelLicence("MIT", "made here"),
        List.of(new ModelFile("model.onnx", Optional.of(url), sha256, bytes)),
        Map.of(),
        Map.of(),
        Map.of(),
        List.of(),
        "");
  }

  private ModelEntry pinned() throws Exception {
    return entry(Optional.of(hash()), OptionalLong.of(CONTENT.length));
  }

  private ModelEntry unpinned() {
    return entry(Optional.empty(), OptionalLong.empty());
  }

  private static String hash() throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(CONTENT));
  }

  private String fetch(ModelEntry entry) {
    return download.fetch(entry, entry.files().getFirst(), (bytes, whole) -> {});
  }

  private Path place() {
    return data.resolve("models/one/model.onnx");
  }

  private Path part() {
    return data.resolve("models/one/model.onnx.part");
  }

  @Test
  void fetchesAndTellsHowFar() throws Exception {
    List<Long> told = new ArrayList<>();
    ModelEntry entry = pinned();
    download.fetch(
        entry,
        entry.files().getFirst(),
        (bytes, whole) -> {
          told.add(bytes);
          assertEquals(OptionalLong.of(CONTENT.length), whole);
        });
    assertArrayEquals(CONTENT, Files.readAllBytes(place()));
    assertEquals(CONTENT.length, told.getLast());
    assertEquals(place(), folder.require(entry));
  }

  @Test
  void goesOnWhereItBrokeOff() throws Exception {
    breaksAfterBytes = 300_000;
    HalcyonException lost = assertThrows(HalcyonException.class, () -> fetch(pinned()));
    assertEquals(ErrorCode.NETWORK_LOST, lost.code());
    long had = Files.size(part());
    assertTrue(had > 0 && had <= 300_000, () -> "had " + had);
    assertFalse(Files.exists(place()));
    breaksAfterBytes = 0;
    assertEquals(hash(), fetch(pinned()));
    assertEquals(List.of("null", "bytes=" + had + "-"), ranges);
    assertArrayEquals(CONTENT, Files.readAllBytes(place()));
  }

  @Test
  void beginsAnewWhenTheFileIsAnotherOne() throws Exception {
    breaksAfterBytes = 300_000;
    assertThrows(HalcyonException.class, () -> fetch(unpinned()));
    breaksAfterBytes = 0;
    tag = "\"two\"";
    assertEquals(hash(), fetch(unpinned()));
    assertArrayEquals(CONTENT, Files.readAllBytes(place()));
  }

  @Test
  void takesWhatWasWholeAlready() throws Exception {
    Files.createDirectories(part().getParent());
    Files.write(part(), CONTENT);
    assertEquals(hash(), fetch(pinned()));
    assertEquals(List.of("bytes=700000-"), ranges);
  }

  @Test
  void refusesAWrongFileAndKeepsNothingOfIt() throws Exception {
    content = CONTENT.clone();
    content[350_000] ^= 1;
    HalcyonException refused = assertThrows(HalcyonException.class, () -> fetch(pinned()));
    assertEquals(ErrorCode.MODEL_UNAVAILABLE, refused.code());
    assertTrue(refused.getMessage().contains(hash()), refused.getMessage());
    assertFalse(Files.exists(place()) || Files.exists(part()));
  }

  @Test
  void refusesMoreThanTheFileHas() throws Exception {
    content = new byte[CONTENT.length + 1];
    HalcyonException refused = assertThrows(HalcyonException.class, () -> fetch(pinned()));
    assertEquals(ErrorCode.MODEL_UNAVAILABLE, refused.code());
    assertFalse(Files.exists(place()) || Files.exists(part()));
  }

  @Test
  void theFirstFetchPins() throws Exception {
    ModelEntry entry = unpinned();
    ModelFile file = entry.files().getFirst();
    assertEquals(hash(), fetch(entry));
    assertEquals(Optional.of(hash()), folder.expected(entry, file));
    assertEquals(hash() + "  one/model.onnx\n", Files.readString(data.resolve("models/pins")));
    content = new byte[] {1, 2, 3};
    assertThrows(HalcyonException.class, () -> fetch(entry));
    assertEquals(ModelFolder.State.VERIFIED, folder.verify(entry, file));
    Files.write(place(), content);
    assertEquals(ModelFolder.State.WRONG, folder.verify(entry, file));
    HalcyonException wrong = assertThrows(HalcyonException.class, () -> folder.require(entry));
    assertEquals(ErrorCode.MODEL_UNAVAILABLE, wrong.code());
  }

  @Test
  void importsWithoutANetwork() throws Exception {
    server.stop(0);
    ModelEntry entry = pinned();
    ModelFile file = entry.files().getFirst();
    HalcyonException absent = assertThrows(HalcyonException.class, () -> folder.require(entry));
    assertTrue(absent.getMessage().contains("models fetch one"), absent.getMessage());
    Path given = Files.write(data.resolve("given"), CONTENT);
    assertEquals(hash(), folder.copyIn(entry, file, given));
    assertEquals(place(), folder.require(entry));
    Path other = Files.writeString(data.resolve("other"), "another");
    assertThrows(HalcyonException.class, () -> folder.copyIn(entry, file, other));
    assertEquals(place(), folder.require(entry), "the real one stays");
  }
}
