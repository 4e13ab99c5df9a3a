package dev.halcyon.core.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.error.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class JobMachineTest {
  private static final Instant T0 = Instant.parse("2026-11-20T12:00:00Z");
  private static final StepKey INGEST = StepKey.of(StepName.INGEST);
  private static final StepKey SELECT = StepKey.of(StepName.CLIP_SELECT);
  private static final StepKey EXPORT = StepKey.of(StepName.EXPORT);
  private static final StepFailure CRASH = new StepFailure(ErrorCode.DECODER_CRASHED, "signal 11");
  private static final StepFailure REFUSED =
      new StepFailure(ErrorCode.UNSUPPORTED_MEDIA, "no video");

  @Test
  void oneDecodeFeedsTheAnalysesAndTheTranscriptGoesBesideIt() {
    Job job = done(begun(true), INGEST);

    assertEquals(JobStatus.ANALYZING, job.status());
    assertEquals(
        Set.of(
            Set.of(StepKey.of(StepName.TRANSCRIBE)),
            Set.of(
                StepKey.of(StepName.SCENE_DETECT),
                StepKey.of(StepName.FACE_TRACK),
                StepKey.of(StepName.AUDIO_ANALYZE))),
        Set.copyOf(job.runnable(T0)));
  }

  @Test
  void aFailedAnalysisIsDecodedAgainForItAlone() {
    Job job = done(begun(true), INGEST);
    job = done(done(job, StepKey.of(StepName.SCENE_DETECT)), StepKey.of(StepName.AUDIO_ANALYZE));
    StepKey faces = StepKey.of(StepName.FACE_TRACK);
    job = JobMachine.failed(JobMachine.started(job, faces, "x", T0), faces, CRASH, T0);

    assertEquals(StepStatus.PENDING, job.step(faces).orElseThrow().status());
    assertEquals(T0.plusSeconds(30), job.nextRetryAt().orElseThrow());
    assertTrue(job.runnable(T0.plusSeconds(29)).stream().noneMatch(run -> run.contains(faces)));
    assertTrue(job.runnable(T0.plusSeconds(30)).contains(Set.of(faces)));
  }

  @Test
  void aRefusedFileIsNotTriedAgain() {
    Job job = JobMachine.started(begun(true), INGEST, "x", T0);
    job = JobMachine.failed(job, INGEST, REFUSED, T0);

    assertEquals(JobStatus.FAILED, job.status());
    assertEquals(REFUSED, job.failure().orElseThrow());
  }

  @Test
  void ingestIsTriedThreeTimesWithDoublingWaits() {
    Job job = begun(true);
    for (int attempt = 1; attempt <= 3; attempt++) {
      Instant at = job.nextRetryAt().orElse(T0);
      job = JobMachine.failed(JobMachine.started(job, INGEST, "x", at), INGEST, CRASH, at);
      if (attempt < 3) {
        assertEquals(at.plusSeconds(30L * attempt), job.nextRetryAt().orElseThrow());
      }
    }

    assertEquals(JobStatus.FAILED, job.status());
    assertEquals(3, job.step(INGEST).orElseThrow().attempts());
  }

  @Test
  void theOtherClipsAreRenderedBeforeOneThatFailedEndsTheJob() {
    Job job = selected(true, List.of("clip-01", "clip-02"));
    StepKey first = StepKey.render("clip-01");
    job = JobMachine.failed(JobMachine.started(job, first, "x", T0), first, REFUSED, T0);

    assertEquals(JobStatus.RENDERING, job.status());
    assertEquals(List.of(Set.of(StepKey.render("clip-02"))), job.runnable(T0));
    job = done(job, StepKey.render("clip-02"));
    assertEquals(JobStatus.FAILED, job.status());

    job = JobMachine.retried(job, key -> true, T0);
    assertEquals(List.of(Set.of(first)), job.runnable(T0));
    job = done(done(job, first), EXPORT);
    assertEquals(JobStatus.COMPLETED, job.status());
  }

  @Test
  void waitsAtBothGatesWithoutAutoApproval() {
    Job job = selected(false, List.of("clip-01"));
    assertEquals(JobStatus.CLIPS_GENERATED, job.status());
    assertEquals(List.of(), job.runnable(T0));

    job = JobMachine.approved(job, T0);
    job = done(done(job, StepKey.render("clip-01")), EXPORT);
    assertEquals(JobStatus.REVIEW, job.status());

    job = JobMachine.rerendered(job, List.of("clip-01"), T0);
    assertEquals(JobStatus.RENDERING, job.status());
    job = done(done(job, StepKey.render("clip-01")), EXPORT);
    assertEquals(JobStatus.COMPLETED, JobMachine.approved(job, T0).status());
  }

  @Test
  void aRenderingAgainThatFailedDoesNotKeepTheClipsFromOthers() {
    StepKey first = StepKey.render("clip-01");
    StepKey second = StepKey.render("clip-02");
    Job job =
        done(done(done(selected(true, List.of("clip-01", "clip-02")), first), second), EXPORT);
    job = JobMachine.rerendered(job, List.of("clip-01"), T0);
    job = JobMachine.failed(JobMachine.started(job, first, "x", T0), first, REFUSED, T0);
    assertEquals(JobStatus.FAILED, job.status());

    job = JobMachine.rerendered(job, List.of("clip-02"), T0);
    assertEquals(List.of(Set.of(first), Set.of(second)), job.runnable(T0));
    job = done(done(done(job, first), second), EXPORT);
    assertEquals(JobStatus.COMPLETED, job.status());
  }

  @Test
  void nothingIsRenderedAgainBeforeClipsWereChosen() {
    Job started = JobMachine.started(begun(true), INGEST, "x", T0);
    Job failed = JobMachine.failed(started, INGEST, REFUSED, T0);

    assertThrows(
        IllegalStateException.class, () -> JobMachine.rerendered(failed, List.of("clip-01"), T0));
  }

  @Test
  void onlyWhatFailedIsRetried() {
    Job job = selected(true, List.of("clip-01"));
    StepKey clip = StepKey.render("clip-01");
    Job failed = JobMachine.failed(JobMachine.started(job, clip, "x", T0), clip, REFUSED, T0);

    assertThrows(IllegalStateException.class, () -> JobMachine.retried(failed, EXPORT::equals, T0));
    assertEquals(List.of(Set.of(clip)), JobMachine.retried(failed, clip::equals, T0).runnable(T0));
  }

  @Test
  void pausingLetsTheRunningStepEndAndResumingGoesOnFromThere() {
    Job job = JobMachine.started(begun(true), INGEST, "x", T0);
    job = JobMachine.paused(job, T0);
    job = JobMachine.completed(job, INGEST, "probe", Duration.ZERO, T0);
    assertEquals(JobStatus.PAUSED, job.status());
    assertEquals(List.of(), job.runnable(T0));

    assertEquals(JobStatus.ANALYZING, JobMachine.resumed(job, T0).status());
  }

  @Test
  void aPauseAtTheGateLeadsBackToTheGate() {
    Job job = JobMachine.paused(selected(false, List.of("clip-01")), T0);

    assertEquals(JobStatus.CLIPS_GENERATED, JobMachine.resumed(job, T0).status());
  }

  @Test
  void whatAnOrphanHadFinishedStaysFinished() {
    Job job = selected(true, List.of("clip-01", "clip-02"));
    job = done(job, StepKey.render("clip-01"));
    job = JobMachine.started(job, StepKey.render("clip-02"), "x", T0);
    job = JobMachine.recovered(job, key -> true, T0);

    assertEquals(List.of(Set.of(StepKey.render("clip-02"))), job.runnable(T0));
    assertEquals(1, job.step(StepKey.render("clip-02")).orElseThrow().attempts());
  }

  @Test
  void cancellingEndsEveryRowThatIsNotOver() {
    Job job = JobMachine.started(begun(true), INGEST, "x", T0);
    Job cancelled = JobMachine.cancelled(job, T0);

    assertEquals(JobStatus.CANCELLED, cancelled.status());
    assertEquals(
        EnumSet.of(StepStatus.CANCELLED, StepStatus.SKIPPED),
        EnumSet.copyOf(cancelled.steps().stream().map(StepRow::status).toList()));
    assertThrows(
        IllegalStateException.class,
        () -> JobMachine.completed(cancelled, INGEST, "", Duration.ZERO, T0));
  }

  @Test
  void nothingStartsBeforeItsTurn() {
    assertThrows(
        IllegalStateException.class, () -> JobMachine.started(begun(true), SELECT, "x", T0));
  }

  @Test
  void progressGrowsTo100() {
    Job job = begun(true);
    assertEquals(2, job.percent(Map.of()));
    job = JobMachine.started(job, INGEST, "x", T0);
    assertEquals(4, job.percent(Map.of(INGEST, 0.5)));
    job = selected(true, List.of("clip-01", "clip-02"));
    assertEquals(49, job.percent(Map.of()));
    job = done(job, StepKey.render("clip-01"));
    assertEquals(73, job.percent(Map.of()));
    job = done(done(job, StepKey.render("clip-02")), EXPORT);
    assertEquals(100, job.percent(Map.of()));
  }

  @Test
  void namesOfRowsSurviveTheWire() {
    for (StepKey key : List.of(INGEST, StepKey.render("clip-07"))) {
      assertEquals(key, StepKey.ofWire(key.wire()));
    }
    assertThrows(IllegalArgumentException.class, () -> StepKey.ofWire("render"));
    assertThrows(IllegalArgumentException.class, () -> StepKey.ofWire("render:../x"));
    assertThrows(IllegalArgumentException.class, () -> StepKey.ofWire("ingest:a"));
  }

  @Test
  void longSourcesHaveLongerToTheirAnalyses() {
    RetryPolicy scenes = RetryPolicy.of(StepName.SCENE_DETECT);
    assertEquals(Duration.ofMinutes(10), scenes.timeoutFor(60_000_000L));
    assertEquals(Duration.ofHours(4), scenes.timeoutFor(7_200_000_000L));
    assertEquals(Duration.ofMinutes(5), RetryPolicy.of(StepName.RENDER).timeoutFor(7_200_000_000L));
  }

  static Job begun(boolean isAutoApproved) {
    return JobMachine.begun(
        JobMachine.created(new UUID(0, 1), isAutoApproved, EnumSet.of(StepName.DIARIZE), T0), T0);
  }

  private static Job done(Job job, StepKey key) {
    Job started = JobMachine.started(job, key, "x", T0);
    return JobMachine.completed(started, key, "out", Duration.ofMillis(5), T0);
  }

  private static Job selected(boolean isAutoApproved, List<String> clips) {
    Job job = done(begun(isAutoApproved), INGEST);
    for (StepName name :
        List.of(
            StepName.TRANSCRIBE,
            StepName.SCENE_DETECT,
            StepName.FACE_TRACK,
            StepName.AUDIO_ANALYZE)) {
      job = done(job, StepKey.of(name));
    }
    return done(JobMachine.withClips(job, clips, T0), SELECT);
  }
}
