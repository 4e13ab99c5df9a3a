package dev.halcyon.verticles.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.halcyon.codecs.probe.FileProbe;
import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardFile;
import dev.halcyon.codecs.testcard.TestCardProgramme;
import dev.halcyon.codecs.testcard.TestCardProgramme.Moment;
import dev.halcyon.core.asset.ProbeLimits;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node that is killed in the middle of a job goes on from the job's last finished step. */
@Timeout(300)
class JobRestartTest {
  private static final long SECOND_US = 1_000_000;
  private static final Duration JOB_LIMIT = Duration.ofMinutes(2);

  @TempDir private Path folder;
  private String account;
  private String job;

  @Test
  void goesOnFromTheLastFinishedStep() throws Exception {
    try (ChildNode killed = ChildNode.start(folder);
        TestUser user = killed.user()) {
      account = user.register();
      job = create(user, upload(user));
      awaitRendering(user);
      killed.kill();
    }
    try (ChildNode again = ChildNode.start(folder);
        TestUser user = again.user()) {
      user.login(account);
      JsonObject done = awaitEnd(user);
      assertEquals("completed", done.getString("status"), done::encode);
      for (String name : List.of("ingest", "scene_detect", "face_track", "clip_select")) {
        assertEquals(1, attempts(done, name), done::encode);
      }
      assertEquals(2, attempts(done, "render:clip-01"), done::encode);
      JsonObject clip =
          user.client().get("/api/clips?job=" + job).getJsonArray("data").getJsonObject(0);
      assertEquals("ready", clip.getString("status"), clip::encode);
      assertEquals(
          1280,
          FileProbe.probe(user.download(clip), ProbeLimits.DEFAULT)
              .picture()
              .orElseThrow()
              .displayHeightPx());
    }
  }

  private String upload(TestUser user) throws Exception {
    Path video = folder.resolve("talk.mp4");
    TestCard card =
        TestCard.builder()
            .size(320, 180)
            .programme(
                TestCardProgramme.talkWith(List.of(Moment.crowdBurst(4 * SECOND_US, SECOND_US))))
            .build();
    TestCardFile.write(card, 9 * SECOND_US, video);
    JsonObject place =
        user.client()
            .post(
                "/api/upload/presign",
                new JsonObject()
                    .put("filename", "talk.mp4")
                    .put("content_type", "video/mp4")
                    .put("size_bytes", Files.size(video)));
    assertEquals(2, user.put(place.getString("upload_url"), video, "video/mp4").statusCode() / 100);
    String key = place.getString("file_key");
    user.client().post("/api/upload/confirm", new JsonObject().put("file_key", key));
    return key;
  }

  private static String create(TestUser user, String fileKey) {
    JsonObject length = new JsonObject().put("min", 2).put("max", 4);
    return user.client()
        .post(
            "/api/jobs",
            new JsonObject()
                .put("mode", "vod")
                .put("source_file_key", fileKey)
                .put("settings", new JsonObject().put("max_clips", 1).put("clip_duration", length)))
        .getString("id");
  }

  private void awaitRendering(TestUser user) throws Exception {
    CountDownLatch rendering = new CountDownLatch(1);
    try (AutoCloseable listening =
        user.client()
            .listenToJob(
                job,
                (message, atNs) -> {
                  JsonObject data = message.getJsonObject("data");
                  if ("render:clip-01".equals(data.getString("name"))
                      && "running".equals(data.getString("status"))) {
                    rendering.countDown();
                  }
                })) {
      assertNotNull(listening);
      if (!rendering.await(JOB_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("no rendering: " + state(user).encode());
      }
    }
  }

  private JsonObject state(TestUser user) {
    return user.client().get("/api/jobs/" + job);
  }

  private JsonObject awaitEnd(TestUser user) {
    long deadlineNs = System.nanoTime() + JOB_LIMIT.toNanos();
    while (true) {
      JsonObject now = state(user);
      if (List.of("completed", "failed").contains(now.getString("status"))) {
        return now;
      }
      if (System.nanoTime() > deadlineNs) {
        throw new AssertionError("not at its end: " + now.encode());
      }
      LockSupport.parkNanos(50_000_000);
    }
  }

  private static int attempts(JsonObject job, String step) {
    return job.getJsonArray("steps").stream()
        .map(JsonObject.class::cast)
        .filter(row -> row.getString("name").equals(step))
        .findFirst()
        .orElseThrow()
        .getInteger("attempt_count");
  }
}
