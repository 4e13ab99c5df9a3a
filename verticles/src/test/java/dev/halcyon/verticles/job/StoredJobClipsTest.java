package dev.halcyon.verticles.job;

import static dev.halcyon.verticles.api.TestServer.expect;
import static dev.halcyon.verticles.store.SharedDatabase.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.render.ChunkFolder;
import dev.halcyon.codecs.render.ClipRenderer;
import dev.halcyon.codecs.render.RenderListener;
import dev.halcyon.codecs.render.RenderResult;
import dev.halcyon.codecs.render.RenderTools;
import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardFile;
import dev.halcyon.codecs.video.PosterMaker;
import dev.halcyon.core.analysis.TimeSpan;
import dev.halcyon.core.caption.CaptionLine;
import dev.halcyon.core.caption.CaptionStyle;
import dev.halcyon.core.caption.CaptionTrack;
import dev.halcyon.core.caption.CaptionWord;
import dev.halcyon.core.caption.SafeArea;
import dev.halcyon.core.detect.ScoreTerm;
import dev.halcyon.core.detect.Signal;
import dev.halcyon.core.detect.SignalKind;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.event.ClipEvent;
import dev.halcyon.core.handover.HandoverSource;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.FrameRate;
import dev.halcyon.core.reframe.Aspect;
import dev.halcyon.core.reframe.CropCamera;
import dev.halcyon.core.reframe.CropKey;
import dev.halcyon.core.reframe.CropLayout;
import dev.halcyon.core.reframe.CropPath;
import dev.halcyon.core.reframe.CropShot;
import dev.halcyon.core.render.Captions;
import dev.halcyon.core.render.PictureCoding;
import dev.halcyon.core.render.PictureCoding.Preset;
import dev.halcyon.core.render.PictureForm;
import dev.halcyon.core.render.RenderSource;
import dev.halcyon.core.render.RenderSource.Scan;
import dev.halcyon.core.render.RenderSpec;
import dev.halcyon.core.render.RenderTimeline;
import dev.halcyon.core.render.SoundForm;
import dev.halcyon.core.select.ClipCandidate;
import dev.halcyon.core.select.ScoreTrace;
import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.api.TestServer;
import dev.halcyon.verticles.api.TestServer.User;
import dev.halcyon.verticles.bus.Addresses;
import dev.halcyon.verticles.clip.ClipRoom;
import dev.halcyon.verticles.step.RecordJson;
import dev.halcyon.verticles.store.Database;
import dev.halcyon.verticles.store.JobClipStore;
import dev.halcyon.verticles.store.SharedDatabase;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A job's clips from the choice to their files, as the API and its listeners see them. */
@ExtendWith(SharedDatabase.class)
final class StoredJobClipsTest {
  private static final PictureForm FORM = new PictureForm(320, 180, FrameRate.FPS_30);
  private static final long LENGTH_US = 1_000_000;

  private final UUID jobId = UUID.randomUUID();
  private final UUID best = UUID.randomUUID();
  private final UUID other = UUID.randomUUID();
  private final BlockingQueue<ClipEvent> told = new LinkedBlockingQueue<>();
  @TempDir private Path folder;
  private TestServer server;
  private User user;
  private StoredJobClips clips;
  private JobClipStore rows;

  @BeforeEach
  void start(Database database) throws IOException {
    server = TestServer.start(database, folder.resolve("blobs"));
    user = server.user();
    rows = new JobClipStore(server.parts.database().pool());
    clips =
        new StoredJobClips(
            server.parts.clips(),
            rows,
            server.parts.blobs(),
            new ClipRoom(() -> Long.MAX_VALUE),
            server.parts.bus(),
            Clock.system());
    server.parts.bus().<ClipEvent>onFact(Addresses.CLIP_EVENT, told::add);
    choose();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void choose() {
    clips.choose(
        user.workspaceId(),
        jobId,
        List.of(
            new JobClips.Chosen(best, candidate("The best", 61_000_000)),
            new JobClips.Chosen(other, candidate("Another", 10_000_000))));
  }

  @Test
  void whatWasChosenIsListedBestFirstWithItsReason() {
    choose(); // once more, as after a restart
    JsonArray listed =
        expect(200, server.get("/api/clips?job_id=" + jobId, user.token())).getJsonArray("data");
    assertEquals(2, listed.size());
    JsonObject first = listed.getJsonObject(0);
    assertEquals(best.toString(), first.getString("id"));
    assertEquals(jobId.toString(), first.getString("job_id"));
    assertTrue(!first.containsKey("stream_id"), first::encode);
    assertEquals("requested", first.getString("status"));
    assertEquals("The best", first.getString("title"));
    assertNull(first.getString("hls_url"));
    JsonObject reason = first.getJsonObject("reason");
    assertEquals("selection", reason.getString("kind"));
    assertEquals("A laugh after a question.", reason.getString("reasoning"));
    assertEquals("Why? Because.", reason.getString("excerpt"));
    assertEquals(candidate("", 0).virality(), reason.getDouble("virality"), 1e-9);
    assertEquals(candidate("", 0).coherence(), reason.getDouble("coherence"), 1e-9);
    assertEquals(1, reason.getJsonArray("signals").size());
    assertEquals("a silence", reason.getJsonObject("trace").getString("ends_at"));
    TestServer.expectError(ErrorCode.NOT_READY, server.get(path("/download"), user.token()));
    TestServer.expectError(ErrorCode.NOT_READY, server.get(path("/poster.jpg"), user.token()));
  }

  @Test
  void aRenderedFileBecomesAVersionThatEverythingWorksOn() throws Exception {
    clips.rendering(best);
    assertEquals("rendering", get().getString("status"));
    next(ClipEvent.Updated.class);
    TestServer.expectError(ErrorCode.NOT_READY, server.get(path("/download"), user.token()));

    clips.rendered(best, rendered(spec("one")));
    ClipEvent.Ready ready = next(ClipEvent.Ready.class);
    assertEquals(jobId, ready.origin().id());
    JsonObject clip = get();
    assertEquals("ready", clip.getString("status"));
    JsonObject version = clip.getJsonArray("versions").getJsonObject(0);
    assertEquals("render", version.getString("kind"));
    assertEquals(spec("one").sha256(), version.getJsonObject("render").getString("spec_sha256"));
    assertEquals(-14, version.getJsonObject("render").getDouble("integrated_lufs"), 1.5);
    JsonObject contract = version.getJsonObject("contract");
    assertEquals(1_000_000, contract.getLong("requested_start_us"));
    assertEquals(2_000_000, contract.getLong("delivered_end_us"));
    byte[] file = server.get(clip.getString("download_url"), Optional.empty()).body().getBytes();
    assertEquals(version.getLong("size_bytes"), file.length);
    assertEquals(
        file.length,
        server.get(path("/download?exact=reencode"), user.token()).body().length(),
        "all of it was encoded");
    assertEquals(200, server.get(clip.getString("poster_url"), Optional.empty()).statusCode());
    // The step of a node that was killed is done once more.
    clips.rendering(best);
    clips.rendered(best, rendered(spec("one")));
    assertEquals(1, get().getJsonArray("versions").size());
    assertEquals("ready", get().getString("status"));
  }

  @Test
  void anotherRenderIsTheNextVersionWithItsOwnPoster() throws Exception {
    clips.rendered(best, rendered(spec("one")));
    next(ClipEvent.Ready.class);
    String poster = posterKey();
    clips.rendering(best);
    assertEquals(200, server.get(path("/download"), user.token()).statusCode());
    clips.rendered(best, rendered(spec("two")));
    next(ClipEvent.Rendered.class);
    JsonArray versions =
        expect(200, server.get(path("/versions"), user.token())).getJsonArray("data");
    assertEquals(2, versions.size());
    assertNotEquals(
        versions.getJsonObject(0).getJsonObject("render").getString("spec_sha256"),
        versions.getJsonObject(1).getJsonObject("render").getString("spec_sha256"));
    assertEquals(
        spec("one"), await(rows.made(best, 1)).orElseThrow().spec(), "each keeps its spec");
    assertNotEquals(poster, posterKey());
    try (Stream<Path> files = Files.list(folder.resolve("blobs").resolve(poster).getParent())) {
      assertEquals(3, files.count(), "two videos and one poster");
    }
  }

  @Test
  void editorsGetSubtitlesAndProjectsOfEachVersion() throws Exception {
    clips.rendered(best, rendered(spec("one")));
    JobClips.Rendered second = rendered(spec("two"));
    HandoverSource source =
        new HandoverSource(
            "talk.mp4", "./talk.mp4", FrameRate.FPS_30, 300, 0, false, 1280, 720, 2, 48_000, 0, 2);
    clips.rendered(
        best,
        new JobClips.Rendered(
            second.video(), second.poster(), second.spec(), second.facts(), Optional.of(source)));
    assertTrue(text("/subtitles?format=srt").contains("00:00:00,000 --> 00:00:01,000\ntwo"));
    assertTrue(text("/subtitles?format=srt&version=1").contains("one"));
    assertTrue(text("/subtitles?format=vtt").startsWith("WEBVTT"));
    assertTrue(text("/subtitles?format=ass").contains("PlayResX: 320"));
    // The second version is a second of the source, from its 30th frame on …
    assertTrue(text("/nle?format=edl").contains("00:00:01:00 00:00:02:00"));
    assertTrue(text("/nle?format=fcpxml").contains("talk.mp4"));
    assertTrue(text("/nle?format=xmeml").contains("<xmeml"));
    assertTrue(text("/nle?format=otio").contains("\"OTIO_SCHEMA\""));
    // … the first one, of which nobody told the source, is its own file.
    String own = text("/nle?format=edl&version=1");
    assertTrue(own.contains("00:00:00:00 00:00:01:00") && own.contains("The best.mp4"), own);
    TestServer.expectError(
        ErrorCode.BAD_REQUEST, server.get(path("/nle?format=doc"), user.token()));
    TestServer.expectError(
        ErrorCode.NOT_FOUND, server.get(path("/subtitles?format=srt&version=3"), user.token()));
    TestServer.expectError(
        ErrorCode.CLIP_NOT_FOUND, server.get(path("/nle?format=edl"), server.user().token()));
  }

  private String text(String rest) {
    var answer = server.get(path(rest), user.token());
    assertEquals(200, answer.statusCode(), answer::bodyAsString);
    return answer.bodyAsString();
  }

  @Test
  void aFailureTakesNothingThatIsThere() throws Exception {
    clips.failed(other, "DECODER_CRASHED: it crashed");
    next(ClipEvent.Failed.class);
    JsonObject failed = expect(200, server.get("/api/clips/" + other, user.token()));
    assertEquals("failed", failed.getString("status"));
    assertNotNull(failed.getString("failure"));
    clips.rendering(other);
    clips.rendered(other, rendered(spec("one")));
    next(ClipEvent.Ready.class);

    clips.rendering(other);
    clips.failed(other, "TIMED_OUT: it took too long");
    next(ClipEvent.Updated.class);
    JsonObject kept = expect(200, server.get("/api/clips/" + other, user.token()));
    assertEquals("ready", kept.getString("status"));
    assertEquals(1, kept.getJsonArray("versions").size());

    clips.abandon(jobId, "the job was cancelled");
    assertEquals("failed", get().getString("status"));
    assertEquals(
        "ready", expect(200, server.get("/api/clips/" + other, user.token())).getString("status"));
  }

  @Test
  void aClipThatWasDeletedMeanwhileIsKeptInSilence() throws Exception {
    assertEquals(204, server.delete("/api/clips/" + best, user.token()).statusCode());
    next(ClipEvent.Deleted.class);
    clips.rendered(best, rendered(spec("one")));
    clips.failed(other, "no");
    next(ClipEvent.Failed.class);
    assertEquals(
        "ready",
        expect(200, server.post("/api/clips/" + best + "/restore", user.token(), new JsonObject()))
            .getString("status"));
  }

  /** Facts on the way to it are passed over. */
  private <T extends ClipEvent> T next(Class<T> kind) throws InterruptedException {
    while (true) {
      ClipEvent event = told.poll(20, TimeUnit.SECONDS);
      assertNotNull(event, () -> "no " + kind.getSimpleName());
      if (kind.isInstance(event)) {
        return kind.cast(event);
      }
      assertTrue(event instanceof ClipEvent.Updated, event::toString);
    }
  }

  private JsonObject get() {
    return expect(200, server.get("/api/clips/" + best, user.token()));
  }

  private String path(String rest) {
    return "/api/clips/" + best + rest;
  }

  private String posterKey() {
    return await(rows.kept(best)).orElseThrow().posterKey().orElseThrow();
  }

  private JobClips.Rendered rendered(RenderSpec spec) throws IOException {
    Path source = folder.resolve("source.mp4");
    if (Files.notExists(source)) {
      TestCardFile.write(TestCard.builder().size(320, 180).build(), 3 * LENGTH_US, source);
    }
    Path video = folder.resolve("clip.mp4");
    RenderResult result =
        new ClipRenderer(1)
            .render(
                spec,
                source,
                video,
                new ChunkFolder(folder.resolve("chunks"), 1L << 30),
                RenderListener.NONE);
    Path poster = folder.resolve("clip.jpg");
    Files.write(poster, PosterMaker.fromFile(video, OptionalLong.empty()));
    return new JobClips.Rendered(video, Optional.of(poster), spec, RecordJson.write(result));
  }

  private static RenderSpec spec(String word) {
    TimeSpan shown = new TimeSpan(0, LENGTH_US);
    CaptionLine line =
        new CaptionLine(shown, List.of(new CaptionWord(word, shown, 0, false, Optional.empty())));
    return new RenderSpec(
        RenderTools.versions(),
        new RenderSource("0123456789abcdef".repeat(4), 0, 0, Scan.PROGRESSIVE, OptionalInt.of(1)),
        RenderTimeline.of(new TimeSpan(LENGTH_US, 2 * LENGTH_US)),
        FORM,
        new PictureCoding(Codec.H264, Preset.ULTRAFAST, 23, 30),
        new CropPath(
            Aspect.WIDE,
            List.of(
                new CropShot(
                    new TimeSpan(0, 60_000_000),
                    CropLayout.PAD,
                    List.of(new CropCamera(1, List.of(new CropKey(0, 0.5, 0.5, 1)))),
                    "as tests say"))),
        new Captions(new CaptionTrack(CaptionStyle.HIGHLIGHT_WORD, List.of(line)), SafeArea.PLAIN),
        SoundForm.USUAL);
  }

  private static ClipCandidate candidate(String title, long fromUs) {
    return new ClipCandidate(
        new TimeSpan(fromUs, fromUs + 30_000_000),
        title,
        "",
        List.of("why"),
        "A laugh after a question.",
        "Why? Because.",
        new ScoreTrace(
            Map.of(ScoreTerm.ENERGY, 0.7),
            0.8,
            0.5,
            1,
            0.9,
            1,
            0.75,
            "a sentence",
            "a silence",
            List.of(new Signal(SignalKind.LAUGHTER, fromUs + 20_000_000, 0.7, "laughter"))));
  }
}
