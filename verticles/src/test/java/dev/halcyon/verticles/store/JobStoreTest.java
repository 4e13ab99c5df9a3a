package dev.halcyon.verticles.store;

import static dev.halcyon.verticles.store.SharedDatabase.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.job.Job;
import dev.halcyon.core.job.JobMachine;
import dev.halcyon.core.job.JobStatus;
import dev.halcyon.core.job.StepFailure;
import dev.halcyon.core.job.StepKey;
import dev.halcyon.core.job.StepName;
import dev.halcyon.core.render.RenderWish;
import dev.halcyon.verticles.step.RecordJson;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Jobs as rows: what is read back, who may change them, and who works on them. */
@ExtendWith(SharedDatabase.class)
class JobStoreTest {
  private static final Instant T0 = Instant.parse("2026-11-20T12:00:00.123456Z");
  private static final StepKey INGEST = StepKey.of(StepName.INGEST);
  private static final StepKey SELECT = StepKey.of(StepName.CLIP_SELECT);

  private PostgresJobStore store;
  private PostgresJobLeases ours;
  private PostgresJobLeases theirs;
  private Sql sql;
  private UUID workspace;
  private UUID user;

  @BeforeEach
  void account(Database database) {
    store = new PostgresJobStore(database.pool());
    ours = new PostgresJobLeases(database.pool(), "node-a");
    theirs = new PostgresJobLeases(database.pool(), "node-b");
    sql = new Sql(database.pool());
    user = UUID.randomUUID();
    workspace = workspaceOf(user);
  }

  /** Leases are of the whole table: nobody shall find these. */
  @AfterEach
  void endAll() {
    await(sql.query("DELETE FROM jobs"));
  }

  private UUID workspaceOf(UUID owner) {
    UUID id = UUID.randomUUID();
    await(
        sql.query(
            "INSERT INTO users (id, email, name, password_hash) VALUES ($1, $2, 'n', 'h')"
                + " ON CONFLICT DO NOTHING",
            owner,
            owner + "@example.org"));
    await(sql.query("INSERT INTO workspaces (id, name, owner_id) VALUES ($1, 'w', $2)", id, owner));
    return id;
  }

  private JobRow row(UUID of, Instant at) {
    return row(of, at, new JobRow.Source(Optional.of("a-file"), Optional.empty()));
  }

  private JobRow row(UUID of, Instant at, JobRow.Source source) {
    return new JobRow(
        JobMachine.created(UUID.randomUUID(), true, EnumSet.of(StepName.DIARIZE), at),
        of,
        user,
        source,
        new JsonObject().put("max_clips", 3),
        Map.of(),
        true,
        true);
  }

  private JobRow kept(UUID of, Instant at) {
    JobRow row = row(of, at);
    await(store.create(row, Optional.of(new PostgresJobStore.Transcript("srt", "1")), 10));
    return row;
  }

  private Job put(Job before, Job next) {
    assertTrue(store.save(next, before.revision()));
    return next;
  }

  private Job inMiddle() {
    Job job = kept(workspace, T0).job();
    job = put(job, JobMachine.begun(job, T0));
    job = put(job, JobMachine.started(job, INGEST, "digest", T0));
    return put(
        job,
        JobMachine.failed(
            job, INGEST, new StepFailure(ErrorCode.IO_FAILED, "a\0b"), T0.plusSeconds(5)));
  }

  @Test
  void readsBackAJobAsItWasCreated() {
    JobRow row = kept(workspace, T0);

    assertEquals(row, await(store.byId(workspace, row.job().id())).orElseThrow());
    assertEquals(
        new PostgresJobStore.Transcript("srt", "1"),
        await(store.transcript(row.job().id())).orElseThrow());
    assertEquals(Optional.empty(), await(store.byId(UUID.randomUUID(), row.job().id())));
  }

  @Test
  void readsBackEachStateWithItsSteps() {
    Job job = inMiddle();
    Job failed = store.find(job.id()).orElseThrow();

    assertEquals("a b", failed.step(INGEST).orElseThrow().failure().orElseThrow().message());
    assertEquals(Optional.of(T0.plusSeconds(35)), failed.nextRetryAt());
    job = put(failed, JobMachine.started(failed, INGEST, "digest", T0.plusSeconds(40)));
    await(store.progress(job.id(), List.of(INGEST), 0.25));
    assertEquals(
        Map.of(INGEST, 0.25), await(store.byId(workspace, job.id())).orElseThrow().running());
    job = put(job, JobMachine.completed(job, INGEST, "out", Duration.ofMillis(12), T0));
    for (StepName name :
        EnumSet.of(
            StepName.TRANSCRIBE,
            StepName.SCENE_DETECT,
            StepName.FACE_TRACK,
            StepName.AUDIO_ANALYZE,
            StepName.CLIP_SELECT)) {
      job = put(job, JobMachine.started(job, StepKey.of(name), "", T0));
      if (name == StepName.CLIP_SELECT) {
        job = put(job, JobMachine.withClips(job, List.of("clip-01", "clip-02"), T0));
      }
      job = put(job, JobMachine.completed(job, StepKey.of(name), "o", Duration.ZERO, T0));
    }
    assertEquals(job, store.find(job.id()).orElseThrow());
    assertEquals(JobStatus.RENDERING, job.status());
    assertEquals("o", job.step(SELECT).orElseThrow().output());
    assertEquals(2, await(store.byId(workspace, job.id())).orElseThrow().clipCount());
  }

  @Test
  void whoeverChangesAnOldStateChangesNothing() {
    Job job = kept(workspace, T0).job();
    Job begun = put(job, JobMachine.begun(job, T0));

    assertFalse(store.save(JobMachine.cancelled(job, T0), job.revision()));
    assertEquals(begun, store.find(job.id()).orElseThrow());
  }

  @Test
  void aWorkspaceHasNoMoreInHandThanItMayHaveHoweverManyComeAtOnce() {
    List<Future<Void>> asked = new ArrayList<>();
    for (int n = 0; n < 8; n++) {
      asked.add(store.create(row(workspace, T0), Optional.empty(), 3));
    }
    await(Future.join(asked).transform(all -> Future.succeededFuture()));
    assertEquals(3, asked.stream().filter(Future::succeeded).count());
    HalcyonException refused =
        assertThrows(
            HalcyonException.class,
            () -> await(store.create(row(workspace, T0), Optional.empty(), 3)));
    assertEquals(ErrorCode.LIMIT_REACHED, refused.code());
    assertTrue(refused.getMessage().contains("3"), refused.getMessage());
    Job first =
        await(store.list(workspace, Optional.empty(), PageRequest.FIRST)).rows().getFirst().job();
    put(first, JobMachine.cancelled(first, T0));
    await(store.create(row(workspace, T0), Optional.empty(), 3));
    await(store.create(row(workspaceOf(user), T0), Optional.empty(), 3));
  }

  @Test
  void listsTheNewestFirstAndByStatus() {
    UUID old = kept(workspace, T0).job().id();
    Job young = kept(workspace, T0.plusSeconds(1)).job();
    put(young, JobMachine.cancelled(young, T0));

    assertEquals(List.of(young.id(), old), ids(Optional.empty()));
    assertEquals(List.of(old), ids(Optional.of(JobStatus.CREATED)));
    await(store.delete(young.id()));
    assertEquals(List.of(old), ids(Optional.empty()));
    assertTrue(await(store.any(young.id())).isPresent());
  }

  private List<UUID> ids(Optional<JobStatus> status) {
    return await(store.list(workspace, status, PageRequest.FIRST)).rows().stream()
        .map(row -> row.job().id())
        .toList();
  }

  @Test
  void aJobIsOneNodesAndWorkspacesTakeTurns() {
    UUID first = kept(workspace, T0).job().id();
    UUID second = kept(workspace, T0.plusSeconds(1)).job().id();
    UUID other = kept(workspaceOf(user), T0.plusSeconds(2)).job().id();

    assertEquals(Optional.of(first), ours.claim());
    assertEquals(Optional.of(other), theirs.claim());
    assertEquals(Optional.of(second), ours.claim());
    assertEquals(Optional.empty(), theirs.claim());
    assertEquals(Set.of(first, second), ours.renew(List.of(first, second, other)));
    theirs.release(first);
    assertEquals(Optional.empty(), theirs.claim());
    ours.release(first);
    assertEquals(Optional.of(first), theirs.claim());
  }

  @Test
  void whoseTurnWasLongestAgoComesFirstThoughNothingIsInHand() {
    UUID first = kept(workspace, T0).job().id();
    UUID second = kept(workspace, T0.plusSeconds(1)).job().id();
    UUID other = kept(workspaceOf(user), T0.plusSeconds(2)).job().id();

    for (UUID next : List.of(first, other, second)) {
      assertEquals(Optional.of(next), ours.claim());
      put(store.find(next).orElseThrow(), JobMachine.cancelled(store.find(next).orElseThrow(), T0));
      ours.release(next);
    }
  }

  @Test
  void aJobThatWaitsForItsNextAttemptIsNotTakenBefore() {
    Job job = inMiddle();
    await(sql.query("UPDATE jobs SET wake_at = now() + interval '1 hour' WHERE id = $1", job.id()));
    assertEquals(Optional.empty(), ours.claim());

    await(sql.query("UPDATE jobs SET wake_at = now() WHERE id = $1", job.id()));
    assertEquals(Optional.of(job.id()), ours.claim());
  }

  @Test
  void whatANodeHasLeftIsTakenByItsNextRunAndByOthersOnceItIsSilent() {
    UUID left = kept(workspace, T0).job().id();
    ours.claim();

    assertEquals(List.of(), ours.takeLeft(List.of(left)));
    assertEquals(List.of(left), ours.takeLeft(List.of()));
    assertEquals(List.of(), theirs.takeLeft(List.of()));
    await(sql.query("UPDATE jobs SET locked_at = now() - interval '61 seconds'"));
    assertEquals(List.of(left), theirs.takeLeft(List.of()));
    assertEquals(Set.of(), ours.renew(List.of(left)));
  }

  @Test
  void aCancelledJobIsNotRenewed() {
    Job job = kept(workspace, T0).job();
    ours.claim();
    put(job, JobMachine.cancelled(job, T0));

    assertEquals(Set.of(), ours.renew(List.of(job.id())));
  }

  @Test
  void onlyAJobAtItsEndIsHiddenAndWhoeverSawItBeforeChangesItNoMore() {
    Job job = kept(workspace, T0).job();
    assertFalse(await(store.delete(job.id())));
    job = put(job, JobMachine.cancelled(job, T0));
    assertTrue(await(store.delete(job.id())));

    assertFalse(await(store.delete(job.id())));
    assertFalse(store.save(job, job.revision()));
  }

  @Test
  void aWishIsKeptWithTheJobsNextStateOrNotAtAll(Database database) {
    Job job = kept(workspace, T0).job();
    UUID clip = UUID.randomUUID();
    await(
        sql.query(
            "INSERT INTO clips (id, workspace_id, job_id, status, title, start_us, end_us, score,"
                + " reason, created_at)"
                + " VALUES ($1, $2, $3, 'ready', 't', 0, 1, 0, '{}', now())",
            clip,
            workspace,
            job.id()));
    JobClipStore clips = new JobClipStore(database.pool());
    Job begun = JobMachine.begun(job, T0);

    assertTrue(await(store.put(begun, job.revision(), clip, wish("1:1"))));
    assertFalse(await(store.put(begun, job.revision(), clip, wish("16:9"))));
    assertEquals(wish("1:1"), await(clips.wishOf(clip)));
  }

  private static RenderWish wish(String aspectRatio) {
    return RecordJson.read(RenderWish.class, new JsonObject().put("aspect_ratio", aspectRatio));
  }

  @Test
  void aFileThatAJobStillHasToReadIsNotSwept(Database database) {
    UploadStore uploads = new UploadStore(database.pool());
    UploadRow upload =
        UploadRow.expected(
            UUID.randomUUID(), workspace, user, "talk.mp4", "video/mp4", 1, T0, T0.plusSeconds(60));
    assertTrue(await(uploads.create(upload, 10)));
    JobRow row =
        row(workspace, T0, new JobRow.Source(Optional.of(upload.fileKey()), Optional.empty()));
    await(store.create(row, Optional.empty(), 10));
    Instant late = T0.plus(Duration.ofDays(30));

    assertEquals(List.of(), await(uploads.takeStale(late, late, 10)));
    put(row.job(), JobMachine.cancelled(row.job(), T0));
    assertEquals(
        List.of(upload.id()),
        await(uploads.takeStale(late, late, 10)).stream().map(UploadRow::id).toList());
    await(uploads.forget(upload.id()));
  }

  @Test
  void filesOfJobsAtRestGoWhenTheyAreOld() {
    Job waiting = kept(workspace, T0).job();
    Job over = kept(workspace, T0).job();
    put(over, JobMachine.cancelled(over, T0));

    assertEquals(List.of(), await(store.withOldArtifacts(T0, 10)));
    assertEquals(List.of(over.id()), await(store.withOldArtifacts(T0.plusSeconds(1), 10)));
    assertFalse(await(store.noteArtifactsGone(waiting.id(), T0.plusSeconds(1))));
    assertFalse(await(store.noteArtifactsGone(over.id(), T0)));
    assertTrue(await(store.noteArtifactsGone(over.id(), T0.plusSeconds(1))));
    assertEquals(Optional.empty(), await(store.transcript(over.id())));
    assertTrue(await(store.transcript(waiting.id())).isPresent());
    assertEquals(List.of(), await(store.withOldArtifacts(T0.plusSeconds(1), 10)));
    assertFalse(await(store.byId(workspace, over.id())).orElseThrow().hasArtifacts());
    assertTrue(await(store.byId(workspace, waiting.id())).orElseThrow().hasArtifacts());
  }
}
