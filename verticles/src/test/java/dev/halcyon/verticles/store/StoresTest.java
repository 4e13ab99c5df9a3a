package dev.halcyon.verticles.store;

import static dev.halcyon.verticles.store.SharedDatabase.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.analysis.TimeSpan;
import dev.halcyon.core.clip.AskedWindow;
import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.ClipOrigin;
import dev.halcyon.core.clip.ClipReason;
import dev.halcyon.core.clip.ClipStatus;
import dev.halcyon.core.clip.ClipVersion;
import dev.halcyon.core.clip.Crossing;
import dev.halcyon.core.clip.Curation;
import dev.halcyon.core.clip.CutContract;
import dev.halcyon.core.clip.Gap;
import dev.halcyon.core.detect.DetectionSettings;
import dev.halcyon.core.detect.ScoreTerm;
import dev.halcyon.core.detect.Signal;
import dev.halcyon.core.detect.SignalKind;
import dev.halcyon.core.select.ClipCandidate;
import dev.halcyon.core.select.ScoreTrace;
import dev.halcyon.core.stream.RecordingMode;
import dev.halcyon.core.stream.RingSettings;
import dev.halcyon.core.stream.StreamSettings;
import dev.halcyon.core.stream.StreamSource;
import dev.halcyon.core.stream.StreamStatus;
import dev.halcyon.core.stream.Takeover;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedDatabase.class)
class StoresTest {
  private StreamStore streams;
  private ClipStore clips;
  private ClipEdits edits;
  private UUID workspace;
  private UUID user;

  @BeforeEach
  void account(Database database) {
    streams = new StreamStore(database.pool());
    clips = new ClipStore(database.pool());
    edits = new ClipEdits(database.pool());
    user = UUID.randomUUID();
    workspace = UUID.randomUUID();
    Sql sql = new Sql(database.pool());
    await(
        sql.query(
            "INSERT INTO users (id, email, name, password_hash) VALUES ($1, $2, 'n', 'h')",
            user,
            user + "@example.org"));
    await(
        sql.query(
            "INSERT INTO workspaces (id, name, owner_id) VALUES ($1, 'w', $2)", workspace, user));
  }

  @Test
  void readsBackAStreamAsItWasCreated() {
    StreamSettings settings =
        new StreamSettings(
            new RingSettings(60, 64L << 20),
            RecordingMode.SESSION,
            Crossing.SPLIT,
            Takeover.REPLACE,
            new DetectionSettings(false, 0.25, 1.5, 2, 3, 4, 2));
    StreamRow made =
        await(
            streams.create(
                new NewStream(
                    UUID.randomUUID(),
                    workspace,
                    user,
                    "Stadium",
                    Optional.of("twitch"),
                    new StreamSource.Pull("rtsp://camera/1"),
                    "key-" + user,
                    settings)));
    assertEquals(made, await(streams.byId(workspace, made.id())).orElseThrow());
    assertEquals(made, await(streams.byKey("key-" + user)).orElseThrow());
    assertEquals(settings, made.settings());
    assertEquals(StreamStatus.IDLE, made.status());
    assertEquals(new StreamSource.Pull("rtsp://camera/1"), made.source());
    assertTrue(await(streams.byId(UUID.randomUUID(), made.id())).isEmpty());
  }

  @Test
  void clearsOnlyWhatADeadNodeLeft() {
    UUID own = stream();
    UUID foreign = stream();
    UUID faulty = stream();
    assertTrue(await(streams.claim(own, "a")));
    assertTrue(await(streams.claim(foreign, "b")));
    assertFalse(await(streams.claim(foreign, "a")));
    await(streams.setStatus(own, StreamStatus.ACTIVE, Optional.empty()));
    await(streams.setStatus(foreign, StreamStatus.ACTIVE, Optional.empty()));
    await(streams.setStatus(faulty, StreamStatus.ERROR, Optional.of("connection lost")));
    await(streams.clearStale("a"));
    assertEquals(StreamStatus.IDLE, await(streams.any(own)).orElseThrow().status());
    assertEquals(Optional.empty(), await(streams.any(own)).orElseThrow().ownerNode());
    assertEquals(StreamStatus.ACTIVE, await(streams.any(foreign)).orElseThrow().status());
    assertEquals(StreamStatus.ERROR, await(streams.any(faulty)).orElseThrow().status());
    assertEquals(
        Optional.of("connection lost"), await(streams.any(faulty)).orElseThrow().lastError());
  }

  @Test
  void deletedStreamsAreNeverFound() {
    UUID id = stream();
    String key = await(streams.any(id)).orElseThrow().streamKey();
    await(streams.delete(id));
    assertTrue(await(streams.any(id)).isEmpty());
    assertTrue(await(streams.byId(workspace, id)).isEmpty());
    assertTrue(await(streams.byKey(key)).isEmpty());
    assertTrue(await(streams.all()).stream().noneMatch(row -> row.id().equals(id)));
    assertEquals(0, await(streams.list(workspace, PageRequest.FIRST)).total());
  }

  @Test
  void countsAndTouches() {
    UUID id = stream();
    await(streams.countClip(id));
    await(streams.countClip(id));
    await(streams.touch(id));
    StreamRow row = await(streams.any(id)).orElseThrow();
    assertEquals(2, row.clipsGenerated());
    assertTrue(row.lastSeenAt().isPresent());
  }

  @Test
  void pagesNewestFirst() {
    List<UUID> made = List.of(stream(), stream(), stream());
    PageOf<StreamRow> first = await(streams.list(workspace, new PageRequest(1, 2)));
    PageOf<StreamRow> second = await(streams.list(workspace, new PageRequest(2, 2)));
    assertEquals(3, first.total());
    assertEquals(2, first.pages());
    assertEquals(
        List.of(made.get(2), made.get(1)), first.rows().stream().map(StreamRow::id).toList());
    assertEquals(List.of(made.get(0)), second.rows().stream().map(StreamRow::id).toList());
  }

  @Test
  void readsBackAClipWithVersionsAndReason() {
    Clip sealed = requested(stream()).sealed(version(), Optional.of("poster"));
    await(clips.update(sealed));
    assertEquals(sealed, await(clips.byId(workspace, sealed.id())).orElseThrow());
    assertTrue(await(clips.byId(UUID.randomUUID(), sealed.id())).isEmpty());
  }

  @Test
  void aLateInsertDoesNotUndoANewerState() {
    Clip requested = requested(stream());
    Clip sealed = requested.sealed(version(), Optional.empty());
    await(clips.update(sealed));
    await(clips.update(sealed));
    await(clips.insert(requested));
    assertEquals(sealed, await(clips.byId(workspace, sealed.id())).orElseThrow());
  }

  @Test
  void aLateUpdateDoesNotUndoASealedState() {
    Clip requested = requested(stream());
    Clip sealed = requested.sealed(version(), Optional.empty());
    assertEquals(Optional.of(sealed), await(clips.update(sealed)));
    assertEquals(Optional.empty(), await(clips.update(requested)));
    assertEquals(Optional.empty(), await(clips.update(requested.failed("late"))));
    assertEquals(sealed, await(clips.byId(workspace, sealed.id())).orElseThrow());
  }

  @Test
  void filtersClipsByStreamJobAndStatus() {
    UUID one = stream();
    UUID two = stream();
    Clip first = requested(one);
    Clip second = requested(two);
    await(clips.insert(first));
    await(clips.insert(second));
    await(clips.update(second.failed("no media")));
    assertEquals(2, total(ClipFilter.ALL));
    assertEquals(1, total(ClipFilter.ofStream(one)));
    assertEquals(
        1,
        total(ClipFilter.of(Optional.empty(), Optional.empty(), Optional.of(ClipStatus.FAILED))));
    assertEquals(
        0,
        total(ClipFilter.of(Optional.empty(), Optional.of(UUID.randomUUID()), Optional.empty())));
    assertTrue(await(clips.unfinished()).contains(first));
  }

  @Test
  void keepsAJobsClipWithWhyItWasChosen() {
    ClipOrigin job = new ClipOrigin.OfJob(UUID.randomUUID());
    Clip clip =
        new Clip(
            UUID.randomUUID(),
            workspace,
            job,
            ClipStatus.REQUESTED,
            "Why it works",
            "It just does",
            List.of("why"),
            61_000_000,
            93_000_000,
            0.61,
            ClipReason.selection(candidate()),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Instant.parse("2026-11-20T12:00:00.123456Z"));
    await(clips.insert(clip));
    await(clips.insert(requested(stream())));
    assertEquals(clip, await(clips.byId(workspace, clip.id())).orElseThrow());
    ClipFilter ofJob =
        ClipFilter.of(Optional.empty(), Optional.of(job.id()), Optional.of(ClipStatus.REQUESTED));
    assertEquals(List.of(clip), await(clips.list(workspace, ofJob, PageRequest.FIRST)).rows());
    // Who cuts clips again after a restart is not asked for those of jobs.
    assertFalse(await(clips.unfinished()).contains(clip));
    assertEquals(
        List.of(new ClipEdits.Deleted(clip.id(), workspace, job)),
        await(edits.delete(workspace, List.of(clip.id()), Instant.now())));
    assertEquals(0, total(ofJob));
  }

  private static ClipCandidate candidate() {
    return new ClipCandidate(
        new TimeSpan(61_000_000, 93_000_000),
        "Why it works",
        "It just does",
        List.of("why"),
        "A laugh after a question.",
        "Why does it work? It just does.",
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
            List.of(new Signal(SignalKind.LAUGHTER, 80_000_000, 0.7, "laughter"))));
  }

  private long total(ClipFilter filter) {
    return await(clips.list(workspace, filter, PageRequest.FIRST)).total();
  }

  private UUID stream() {
    UUID id = UUID.randomUUID();
    await(
        streams.create(
            new NewStream(
                id,
                workspace,
                user,
                "s",
                Optional.empty(),
                new StreamSource.Push(),
                "key-" + id,
                StreamSettings.DEFAULT)));
    return id;
  }

  private Clip requested(UUID stream) {
    return new Clip(
        UUID.randomUUID(),
        workspace,
        new ClipOrigin.OfStream(stream),
        ClipStatus.REQUESTED,
        "Goal",
        "",
        List.of("#goal"),
        1_000_000,
        3_000_000,
        0.75,
        ClipReason.highlight(
            List.of(new Signal(SignalKind.CROWD_REACTION, 2_000_000, 0.9, "roar"))),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Instant.parse("2026-11-20T12:00:00.123456Z"),
        Curation.NONE,
        Optional.of(new UUID(7, 8)),
        Optional.of(new AskedWindow(-5_000_000, 9_000_000, Crossing.SPLIT)));
  }

  private static ClipVersion version() {
    return new ClipVersion(
        1,
        ClipVersion.Kind.INSTANT,
        "mp4",
        "key",
        12_345,
        new CutContract(
            1_000_000,
            3_000_000,
            1_010_000,
            2_990_000,
            true,
            500_000,
            510_000,
            List.of(new Gap(2_000_000, 40_000)),
            List.of(0, 1),
            -5,
            7,
            100,
            0,
            "ab".repeat(32)));
  }
}
