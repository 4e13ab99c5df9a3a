package dev.halcyon.verticles.node;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardJudge;
import dev.halcyon.codecs.testcard.Verdict;
import dev.halcyon.codecs.verify.FileMeasurer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a whole node makes of clips, and says of them, once they are sealed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(240)
class AftercareTest {
  private static final TestCard CARD =
      TestCard.builder().size(320, 180).gop(45).bFrames(2).cardId(9).build();

  private Path folder;
  private TestNode node;
  private TestUser user;
  private TestStream stream;
  private CardPush push;

  @BeforeAll
  void publish(@TempDir Path dir) throws Exception {
    folder = dir;
    node = TestNode.start(dir, Map.of("HALCYON_CLIPS_VERIFY", "all"));
    user = node.user();
    stream = user.quietStream();
    push = CardPush.realTime(stream, CARD);
    stream.awaitHeld(6_000_000);
  }

  @AfterAll
  void stop() throws Exception {
    push.close();
    node.close();
  }

  private String clip(long fromUs, long toUs) {
    return stream.ready(stream.request(fromUs, toUs)).getString("id");
  }

  private JsonObject json(String path) {
    HttpResponse<byte[]> answer = user.send("GET", path);
    assertEquals(200, answer.statusCode(), () -> new String(answer.body(), StandardCharsets.UTF_8));
    return new JsonObject(Buffer.buffer(answer.body()));
  }

  private JsonObject verify(String clip) {
    String path = "/api/clips/" + clip + "/verify";
    Deadline.until("the verification", () -> user.send("GET", path).statusCode() != 425);
    return json(path);
  }

  private static JsonObject check(JsonObject verification, String name) {
    return verification.getJsonArray("checks").stream()
        .map(JsonObject.class::cast)
        .filter(check -> check.getString("name").equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " in " + verification.encode()));
  }

  /** The one file of a clip's first version. */
  private Path blob(String clip) throws IOException {
    try (Stream<Path> files = Files.walk(TestNode.dataDir(folder).resolve("blobs"))) {
      return files
          .filter(file -> file.toString().contains(clip) && file.toString().endsWith(".mp4"))
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void findsThatAClipKeepsItsContract() {
    String clip = clip(1_234_567, 2_345_678);
    JsonObject verification = verify(clip);
    assertTrue(verification.getBoolean("ok"), verification::encodePrettily);
    assertEquals(clip, verification.getString("clip_id"));
    assertEquals(1, verification.getInteger("version"));
    JsonObject contract = TestUser.contract(user.client().clip(clip));
    assertEquals(contract.getString("sha256"), check(verification, "sha256").getString("measured"));
    JsonObject frames = check(verification, "frames");
    assertEquals(
        contract.getInteger("delivered_end_frame") - contract.getInteger("delivered_start_frame"),
        frames.getInteger("measured"));
    assertEquals(0, check(verification, "decode_errors").getInteger("measured"));
  }

  @Test
  void findsABlobInWhichABitTurned() throws Exception {
    String clip = clip(1_500_000, 3_000_000);
    assertTrue(verify(clip).getBoolean("ok"));
    double failuresBefore = node.metric("clip_verify_failures_total");
    Path blob = blob(clip);
    byte[] bytes = Files.readAllBytes(blob);
    bytes[bytes.length * 3 / 4] ^= 1;
    Files.write(blob, bytes);
    JsonObject verification = verify(clip);
    assertFalse(verification.getBoolean("ok"), verification::encodePrettily);
    assertFalse(check(verification, "sha256").getBoolean("ok"));
    assertTrue(check(verification, "size_bytes").getBoolean("ok"));
    assertTrue(node.metric("clip_verify_failures_total") > failuresBefore);
    Files.write(blob, new byte[100]);
    assertFalse(check(verify(clip), "readable").getBoolean("ok"));
    Files.delete(blob);
    JsonObject missing = verify(clip);
    assertEquals("missing", check(missing, "file").getString("measured"));
    assertFalse(missing.getBoolean("ok"));
  }

  @Test
  void verifiesEveryClipByItselfWhenToldSo() {
    double before = node.metric("clip_verified_total");
    clip(2_000_000, 2_700_000);
    Deadline.until("its verification", () -> node.metric("clip_verified_total") > before);
  }

  @Test
  void refusesWhatItCannotVerify() {
    assertEquals(404, user.send("GET", "/api/clips/" + new UUID(1, 2) + "/verify").statusCode());
    String clip = clip(1_000_000, 1_500_000);
    assertEquals(404, user.send("GET", "/api/clips/" + clip + "/verify?version=7").statusCode());
    assertEquals(400, user.send("GET", "/api/clips/" + clip + "/verify?version=x").statusCode());
    String open = stream.request(stream.heldToUs(), stream.heldToUs() + 3_000_000);
    assertEquals(425, user.send("GET", "/api/clips/" + open + "/verify").statusCode());
    TestUser stranger = node.user();
    assertEquals(404, stranger.send("GET", "/api/clips/" + clip + "/verify").statusCode());
    stream.ready(open);
  }

  private static String exactPath(String clip) {
    return "/api/clips/" + clip + "/download?exact=reencode";
  }

  /** Asked for until it is there. */
  private HttpResponse<byte[]> exact(String clip) {
    return Deadline.found(
        "the exact file",
        () -> {
          HttpResponse<byte[]> answer = user.send("GET", exactPath(clip));
          if (answer.statusCode() == 202) {
            assertTrue(answer.headers().firstValue("Retry-After").isPresent());
            assertEquals(
                "making", new JsonObject(Buffer.buffer(answer.body())).getString("status"));
            return Optional.empty();
          }
          assertEquals(200, answer.statusCode(), () -> TestUser.error(answer));
          return Optional.of(answer);
        });
  }

  private static String etag(HttpResponse<byte[]> answer) {
    return answer.headers().firstValue("ETag").orElseThrow();
  }

  @Test
  void makesAFileForPlayersThatIgnoreEditLists() throws Exception {
    String clip = clip(1_234_567, 4_456_789);
    HttpResponse<byte[]> exact = exact(clip);
    Path file = Files.write(folder.resolve("exact.mp4"), exact.body());
    Verdict verdict = TestCardJudge.judgeWithoutEdits(file);
    assertEquals(List.of(), verdict.faults(5_000));
    JsonObject told = stream.await("clip.updated", data -> data.getString("id").equals(clip));
    JsonArray versions = told.getJsonArray("versions");
    assertEquals(2, versions.size());
    JsonObject version = versions.getJsonObject(1);
    assertEquals("exact", version.getString("kind"));
    JsonObject contract = version.getJsonObject("contract");
    assertEquals('"' + contract.getString("sha256") + '"', etag(exact));
    JsonObject asked = TestUser.contract(told);
    assertEquals(asked.getLong("delivered_start_us"), contract.getLong("delivered_start_us"));
    assertEquals(asked.getLong("delivered_end_us"), contract.getLong("delivered_end_us"));
    Verdict.Pictures shown = verdict.pictures().orElseThrow();
    assertEquals(
        asked.getLong("delivered_end_frame") - asked.getLong("delivered_start_frame"),
        shown.presentedFrames());
    assertFalse(contract.getJsonArray("encoded_frames").isEmpty());
    assertTrue(contract.getInteger("packets_copied") > 0, contract::encode);
    assertTrue(json("/api/clips/" + clip + "/verify?version=2").getBoolean("ok"));
    HttpResponse<byte[]> part = user.send("GET", exactPath(clip), "Range", "bytes=100-199");
    assertEquals(206, part.statusCode());
    assertArrayEquals(Arrays.copyOfRange(exact.body(), 100, 200), part.body());
  }

  @Test
  void makesTheExactFileOnceAndAgainWhenItIsGone() throws Exception {
    String clip = clip(1_800_000, 3_300_000);
    String path = "/api/clips/" + clip + "/download";
    String instant = etag(user.send("GET", path));
    HttpResponse<byte[]> exact = exact(clip);
    assertEquals(etag(exact), etag(exact(clip)));
    assertEquals(
        instant, etag(user.send("GET", path)), "a plain download gives the same as before");
    Files.delete(exactBlob(clip));
    assertEquals(etag(exact), etag(exact(clip)), "the same is made of the same");
    assertTrue(node.metric("clip_exact_seconds_count") >= 2);
    assertEquals(2, user.client().clip(clip).getJsonArray("versions").size());
  }

  /** The exact file of a clip that has one. */
  private Path exactBlob(String clip) throws IOException {
    String key =
        user.client()
            .clip(clip)
            .getJsonArray("versions")
            .getJsonObject(1)
            .getJsonObject("contract")
            .getString("sha256");
    try (Stream<Path> files = Files.walk(TestNode.dataDir(folder).resolve("blobs"))) {
      for (Path file :
          files.filter(each -> each.toString().matches(".*" + clip + ".*\\.mp4")).toList()) {
        if (FileMeasurer.sha256(file).equals(key)) {
          return file;
        }
      }
    }
    throw new AssertionError("no file has the digest " + key);
  }

  @Test
  void refusesAnExactFileThatItCannotMake() throws Exception {
    String clip = clip(1_000_000, 1_500_000);
    String path = "/api/clips/" + clip + "/download?exact=";
    assertEquals(400, user.send("GET", path + "copy").statusCode());
    assertEquals(400, user.send("GET", path + "reencode&version=1").statusCode());
    String open = stream.request(stream.heldToUs(), stream.heldToUs() + 3_000_000);
    assertEquals(425, user.send("GET", exactPath(open)).statusCode());
    assertEquals(404, node.user().send("GET", exactPath(clip)).statusCode());
    Path blob = blob(clip);
    byte[] bytes = Files.readAllBytes(blob);
    bytes[bytes.length / 2] ^= 1;
    Files.write(blob, bytes);
    assertEquals(422, user.send("GET", exactPath(clip)).statusCode());
    Files.delete(blob);
    assertEquals(404, user.send("GET", exactPath(clip)).statusCode());
    stream.ready(open);
  }
}
