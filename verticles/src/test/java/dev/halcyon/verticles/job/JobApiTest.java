package dev.halcyon.verticles.job;

import static dev.halcyon.verticles.api.TestServer.expect;
import static dev.halcyon.verticles.api.TestServer.expectError;
import static dev.halcyon.verticles.store.SharedDatabase.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.probe.FileProbe;
import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardFile;
import dev.halcyon.codecs.testcard.TestCardProgramme;
import dev.halcyon.codecs.testcard.TestCardProgramme.Moment;
import dev.halcyon.core.access.AllowedTargets;
import dev.halcyon.core.asset.MediaProbe;
import dev.halcyon.core.asset.ProbeLimits;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.api.TestServer;
import dev.halcyon.verticles.api.TestServer.User;
import dev.halcyon.verticles.client.HalcyonClient;
import dev.halcyon.verticles.clip.ClipRoom;
import dev.halcyon.verticles.fetch.AddressGuard;
import dev.halcyon.verticles.fetch.GuardedHttp;
import dev.halcyon.verticles.fetch.SourceFetch;
import dev.halcyon.verticles.fetch.SourceOptions;
import dev.halcyon.verticles.store.Database;
import dev.halcyon.verticles.store.JobClipStore;
import dev.halcyon.verticles.store.PostgresJobLeases;
import dev.halcyon.verticles.store.SharedDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Jobs by HTTP, over a real database and real processes; a generated video is what is uploaded. */
@ExtendWith(SharedDatabase.class)
final class JobApiTest {
  private static final long SECOND_US = 1_000_000;
  private static final Moment BURST = Moment.crowdBurst(7 * SECOND_US, 2_000_000);
  private static final String WORDS =
      "1\n00:00:05,000 --> 00:00:07,000\nListen to this now.\n\n"
          + "2\n00:00:07,500 --> 00:00:10,000\nThat was what we came for.\n";

  @TempDir private Path folder;
  private TestServer server;
  private User user;
  private HalcyonClient client;
  private Path video;
  private final List<JsonObject> told = new CopyOnWriteArrayList<>();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @BeforeEach
  void start(Database database) throws Exception {
    server = TestServer.start(database, folder);
    user = server.user();
    client = new HalcyonClient("http://127.0.0.1:" + server.port());
    client.login(user.email(), "correct horse");
    video = folder.resolve("talk.mp4");
    TestCard card =
        TestCard.builder()
            .size(320, 180)
            .programme(TestCardProgramme.talkWith(List.of(BURST)))
            .build();
    TestCardFile.write(card, 16 * SECOND_US, video);
    ClipRoom room = new ClipRoom(() -> Long.MAX_VALUE);
    await(
        server.vertx.deployVerticle(
            new JobVerticle(
                new JobVerticle.Surroundings(
                    server.parts.jobs(),
                    new PostgresJobLeases(server.parts.database().pool(), "test-" + user.id()),
                    server.parts.jobFolders(),
                    new StoredJobClips(
                        server.parts.clips(),
                        new JobClipStore(server.parts.database().pool()),
                        server.parts.blobs(),
                        room,
                        server.parts.bus(),
                        Clock.system()),
                    this::open,
                    new SourceFetch(
                        new GuardedHttp(
                            new AddressGuard(AddressGuard.Resolver.SYSTEM, AllowedTargets.NONE)),
                        SourceOptions.DEFAULT),
                    new JobMetrics(registry),
                    Clock.system()),
                new JobOptions(1, 2, Duration.ofDays(7), 0))));
  }

  private SourceFiles.SourceFile open(UUID workspace, String key) {
    if (!key.equals("talk") || !workspace.equals(user.workspaceId())) {
      throw new HalcyonException(ErrorCode.NOT_FOUND, "no upload has the key " + key);
    }
    return new SourceFiles.SourceFile(video, "Our talk.mp4");
  }

  @AfterEach
  void stop() {
    client.close();
    server.close();
  }

  private static JsonObject order(JsonObject settings) {
    return new JsonObject()
        .put("mode", "vod")
        .put("source_file_key", "talk")
        .put(
            "settings",
            new JsonObject()
                .put("max_clips", 1)
                .put("clip_duration", new JsonObject().put("min", 2).put("max", 4))
                .mergeIn(settings))
        .put("transcript", new JsonObject().put("format", "srt").put("text", WORDS));
  }

  private String create(JsonObject settings) {
    return expect(201, server.post("/api/jobs", user.token(), order(settings))).getString("id");
  }

  private JsonObject job(String id) {
    return expect(200, server.get("/api/jobs/" + id, user.token()));
  }

  private JsonObject act(String id, String action) {
    return expect(
        200, server.post("/api/jobs/" + id + "/" + action, user.token(), new JsonObject()));
  }

  private JsonObject awaitStatus(String id, String status) {
    until(
        () -> {
          String now = job(id).getString("status");
          return now.equals(status) || now.equals("failed");
        },
        () -> job(id).encode());
    JsonObject job = job(id);
    assertEquals(status, job.getString("status"), job::encode);
    return job;
  }

  private static void until(BooleanSupplier condition, Supplier<String> state) {
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadlineNs, state);
      LockSupport.parkNanos(50_000_000);
    }
  }

  private static JsonObject step(JsonObject job, String name) {
    return job.getJsonArray("steps").stream()
        .map(JsonObject.class::cast)
        .filter(step -> step.getString("name").equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aVideoGoesInAndAClipComesOut() throws Exception {
    String gated = create(new JsonObject().put("auto_approve", false));
    try (AutoCloseable listening =
        client.listenToJob(gated, (message, atNs) -> told.add(message))) {
      assertTrue(listening != null);
      JsonObject waiting = awaitStatus(gated, "clips_generated");
      assertEquals(1, waiting.getInteger("clip_count"));
      assertEquals("pending", step(waiting, "render:clip-01").getString("status"));
      assertEquals("skipped", step(waiting, "diarize").getString("status"));
      assertTrue(step(waiting, "scene_detect").getLong("duration_ms") > 0, waiting::encode);
      assertEquals("requested", clipOf(gated).getString("status"));
      act(gated, "approve");
      awaitStatus(gated, "review");
      act(gated, "approve");
      awaitStatus(gated, "completed");
      until(() -> told("job.completed").findAny().isPresent(), told::toString);
      checkMessages(gated);
      checkClip(gated);
      itsClipIsRenderedAgainAsSomebodyWantsIt(gated);
    }
    checkArtifacts(gated);
    analysesOfTheSameBytesAreNotMadeAgain();
  }

  private void itsClipIsRenderedAgainAsSomebodyWantsIt(String job) {
    JsonObject before = clipOf(job);
    String path = "/api/clips/" + before.getString("id");
    long fromUs = before.getLong("start_us");
    expectError(ErrorCode.BAD_REQUEST, rerender(path, new JsonObject().put("layout", "round")));
    expectError(
        ErrorCode.BAD_REQUEST, rerender(path, new JsonObject().put("to_us", fromUs + 500_000)));
    expectError(
        ErrorCode.BAD_REQUEST, rerender(path, new JsonObject().put("to_us", fromUs + 99_000_000)));
    expectError(
        ErrorCode.BAD_REQUEST,
        rerender(path, new JsonObject().put("from_us", 15_500_000).put("to_us", 17_500_000)));
    assertEquals("completed", job(job).getString("status"));
    JsonObject wish =
        new JsonObject()
            .put("aspect_ratio", "1:1")
            .put("to_us", fromUs + 1_500_000)
            .put("loudness_lufs", -18)
            .put(
                "words",
                new JsonArray()
                    .add(new JsonObject().put("at_us", fromUs + 100_000).put("text", "Psst")));
    assertEquals("rendering", expect(202, rerender(path, wish)).getString("status"));
    until(() -> told("clip.rendered").findAny().isPresent(), told::toString);
    awaitStatus(job, "review");
    act(job, "approve");
    awaitStatus(job, "completed");
    JsonObject clip = expect(200, server.get(path, user.token()));
    assertEquals("ready", clip.getString("status"));
    assertEquals(2, clip.getJsonArray("versions").size());
    JsonObject version = clip.getJsonArray("versions").getJsonObject(1);
    JsonObject contract = version.getJsonObject("contract");
    long lengthUs = contract.getLong("delivered_end_us") - contract.getLong("delivered_start_us");
    assertTrue(Math.abs(lengthUs - 1_500_000) < 70_000, contract::encode);
    JsonObject render = version.getJsonObject("render");
    assertEquals(render.getInteger("width_px"), render.getInteger("height_px"), render::encode);
    assertEquals(-18, render.getDouble("integrated_lufs"), 1);
    String edl = server.get(path + "/nle?format=edl", user.token()).bodyAsString();
    assertTrue(edl.contains("Our talk.mp4"), edl);
  }

  private HttpResponse<Buffer> rerender(String clip, JsonObject wish) {
    return server.post(clip + "/rerender", user.token(), wish);
  }

  private java.util.stream.Stream<JsonObject> told(String type) {
    return told.stream().filter(message -> message.getString("type").equals(type));
  }

  private void checkMessages(String id) {
    assertTrue(told.stream().allMatch(message -> message.getString("job_id").equals(id)));
    assertEquals(
        List.of("running", "completed"),
        told("job.step")
            .map(message -> message.getJsonObject("data"))
            .filter(data -> data.getString("name").equals("render:clip-01"))
            .map(data -> data.getString("status"))
            .toList());
    assertTrue(
        told("job.progress").anyMatch(m -> m.getJsonObject("data").getInteger("progress") > 0));
    JsonObject ready = told("clip.ready").findFirst().orElseThrow().getJsonObject("data");
    assertEquals(clipOf(id).getString("id"), ready.getString("id"));
    assertEquals(
        new JsonObject().put("status", "completed").put("clip_count", 1),
        told("job.completed").findFirst().orElseThrow().getJsonObject("data"));
    assertEquals(1, registry.get("jobs").tag("status", "completed").counter().count());
    assertEquals(1, registry.get("render.duration").timer().count());
  }

  private JsonObject clipOf(String job) {
    return expect(200, server.get("/api/clips?job=" + job, user.token()))
        .getJsonArray("data")
        .getJsonObject(0);
  }

  private void checkClip(String job) throws Exception {
    JsonObject clip = clipOf(job);
    assertEquals("ready", clip.getString("status"), clip::encode);
    assertEquals(job, clip.getString("job_id"));
    assertTrue(clip.getLong("start_us") <= BURST.atUs() + SECOND_US, clip::encode);
    assertTrue(clip.getLong("end_us") >= BURST.atUs() + SECOND_US, clip::encode);
    Path file = folder.resolve("downloaded.mp4");
    client.download(clip.getString("download_url"), file);
    MediaProbe probe = FileProbe.probe(file, ProbeLimits.DEFAULT);
    assertEquals(720, probe.picture().orElseThrow().displayWidthPx());
    assertEquals(1280, probe.picture().orElseThrow().displayHeightPx());
    long lengthUs = clip.getLong("end_us") - clip.getLong("start_us");
    assertTrue(Math.abs(lengthUs - probe.durationUs()) <= 70_000, probe::toString);
    assertEquals(200, client.status(clip.getString("poster_url")));
    assertFalse(
        Files.exists(server.parts.jobFolders().of(UUID.fromString(job)).resolve("clip-01.mp4")),
        "the clip is kept twice");
  }

  private void checkArtifacts(String id) {
    String names = expect(200, server.get("/api/jobs/" + id + "/artifacts", user.token())).encode();
    for (String name :
        List.of(
            "source.json.gz",
            "faces.json.gz",
            "sound.json.gz",
            "scenes.json.gz",
            "edit/clips.otio")) {
      assertTrue(names.contains("\"" + name + "\""), names);
    }
    JsonObject words = expect(200, server.get("/api/jobs/" + id + "/transcript", user.token()));
    assertEquals("Listen", words.getJsonArray("words").getJsonObject(0).getString("text"));
    JsonArray steps =
        expect(200, server.get("/api/jobs/" + id + "/steps", user.token())).getJsonArray("data");
    assertEquals(9, steps.size());
    User stranger = server.user();
    expectError(ErrorCode.JOB_NOT_FOUND, server.get("/api/jobs/" + id, stranger.token()));
    expectError(
        ErrorCode.JOB_STATE,
        server.post("/api/jobs/" + id + "/retry", user.token(), new JsonObject()));
  }

  /** And a job that waits for a word can be cancelled. */
  private void analysesOfTheSameBytesAreNotMadeAgain() {
    String second = create(new JsonObject().put("auto_approve", false));
    JsonObject waiting = awaitStatus(second, "clips_generated");
    for (String name : List.of("scene_detect", "face_track", "audio_analyze")) {
      assertEquals(0, step(waiting, name).getLong("duration_ms"), waiting::encode);
      assertEquals("completed", step(waiting, name).getString("status"));
    }
    assertEquals(
        204, server.send(HttpMethod.DELETE, "/api/jobs/" + second, user.token()).statusCode());
    assertEquals("cancelled", job(second).getString("status"));
    until(() -> clipOf(second).getString("status").equals("failed"), () -> clipOf(second).encode());
    assertEquals(
        204, server.send(HttpMethod.DELETE, "/api/jobs/" + second, user.token()).statusCode());
    expectError(ErrorCode.JOB_NOT_FOUND, server.get("/api/jobs/" + second, user.token()));
    assertEquals(
        1, expect(200, server.get("/api/jobs?status=completed", user.token())).getInteger("total"));
  }

  @Test
  void refusesWhatItCannotDoWithAReason() {
    expectError(
        ErrorCode.NOT_FOUND,
        server.post(
            "/api/jobs",
            user.token(),
            order(new JsonObject()).put("source_file_key", "another's")));
    expectError(
        ErrorCode.BAD_REQUEST,
        server.post(
            "/api/jobs", user.token(), order(new JsonObject()).put("source_url", "http://a.b/c")));
    JsonObject byAddress = order(new JsonObject()).put("source_url", "https://localhost/a.mp4");
    byAddress.remove("source_file_key");
    String why =
        expectError(ErrorCode.SOURCE_REFUSED, server.post("/api/jobs", user.token(), byAddress));
    assertTrue(why.contains("localhost"), why);
    JsonObject turned =
        new JsonObject().put("clip_duration", new JsonObject().put("min", 9).put("max", 3));
    expectError(ErrorCode.BAD_REQUEST, server.post("/api/jobs", user.token(), order(turned)));
    expectError(
        ErrorCode.JOB_NOT_FOUND,
        server.post("/api/jobs/" + UUID.randomUUID() + "/pause", user.token(), new JsonObject()));
  }

  /** Its subtitles are read, and only then is the video missed that is not there. */
  @Test
  void takesTheWordsOfALongVideo() {
    StringBuilder subtitles = new StringBuilder();
    for (int n = 0; n < 8_000; n++) {
      String at = String.format(Locale.ROOT, "%02d:%02d:%02d", n / 3_600, n / 60 % 60, n % 60);
      subtitles.append("%d\n%s,000 --> %s,900\nAnd so it goes on.\n\n".formatted(n + 1, at, at));
    }
    expectError(ErrorCode.NOT_FOUND, orderWith(subtitles.toString()));
    expectError(ErrorCode.BAD_REQUEST, orderWith("x".repeat(4_000_001)));
  }

  private HttpResponse<Buffer> orderWith(String subtitles) {
    return server.post(
        "/api/jobs",
        user.token(),
        order(new JsonObject())
            .put("source_file_key", "another's")
            .put("transcript", new JsonObject().put("format", "srt").put("text", subtitles)));
  }

  @Test
  void aWorkspaceHasItsShareAndTheSameKeyIsTheSameJob() throws Exception {
    Files.writeString(video, "no video at all");
    JsonObject order = order(new JsonObject());
    String first = keyed(order);
    assertEquals(first, keyed(order));
    JsonObject failed = awaitFailure(first);
    assertEquals("failed", step(failed, "ingest").getString("status"));
    assertEquals(1, step(failed, "ingest").getInteger("attempt_count"));
    assertFalse(failed.getString("error_message").isEmpty());
    assertFalse(failed.getString("error_message").contains(folder.toString()));
    await(
        server
            .parts
            .database()
            .pool()
            .query("UPDATE jobs SET status = 'clips_generated' WHERE id = '" + first + "'")
            .execute());
    Files.writeString(video, "nor this");
    String second = create(new JsonObject());
    awaitFailure(second);
    await(
        server
            .parts
            .database()
            .pool()
            .query("UPDATE jobs SET status = 'clips_generated' WHERE id = '" + second + "'")
            .execute());
    String why =
        expectError(ErrorCode.LIMIT_REACHED, server.post("/api/jobs", user.token(), order));
    assertTrue(why.contains("2 jobs"), why);
  }

  private JsonObject awaitFailure(String id) {
    until(() -> job(id).getString("status").equals("failed"), () -> job(id).encode());
    return job(id);
  }

  private String keyed(JsonObject order) {
    return expect(
            201,
            server.send(
                HttpMethod.POST,
                "/api/jobs",
                user.token(),
                order,
                java.util.Map.of("Idempotency-Key", "one")))
        .getString("id");
  }
}
