package dev.halcyon.verticles.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.event.JobEvent;
import dev.halcyon.core.job.Job;
import dev.halcyon.core.job.JobMachine;
import dev.halcyon.core.job.JobStatus;
import dev.halcyon.core.job.StepKey;
import dev.halcyon.core.job.StepName;
import dev.halcyon.core.job.StepStatus;
import dev.halcyon.core.time.Clock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who works on which job, and what becomes of it, with pretended steps and without a database. */
final class JobRunnerTest {
  private static final UUID WORKSPACE = UUID.randomUUID();

  private final MemoryJobs jobs = new MemoryJobs();
  private final PretendedWork work = new PretendedWork();
  private final PretendedClips clips = new PretendedClips();
  private final List<JobEvent> told = new CopyOnWriteArrayList<>();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final JobAnnouncer announcer =
      new JobAnnouncer(told::add, new JobMetrics(registry), Clock.system());
  private final Set<UUID> unreadable = ConcurrentHashMap.newKeySet();
  private volatile boolean hasRoom = true;
  private JobRunner runner = runner(1);

  private JobRunner runner(int threads) {
    return new JobRunner(
        jobs,
        id ->
            readable(id)
                .map(
                    job ->
                        new JobRun(
                            WORKSPACE,
                            job,
                            jobs,
                            listener -> work.of(job.id(), listener),
                            (steps, done) -> {},
                            clips,
                            announcer,
                            Clock.system())),
        () -> hasRoom,
        threads);
  }

  private Optional<Job> readable(UUID id) {
    if (unreadable.contains(id)) {
      throw new IllegalStateException("no such status");
    }
    return jobs.find(id);
  }

  @AfterEach
  void close() {
    runner.close();
  }

  private static Job created(boolean isAutoApproved) {
    return JobMachine.created(
        UUID.randomUUID(),
        isAutoApproved,
        EnumSet.of(StepName.DIARIZE, StepName.TRANSCRIBE),
        Instant.now());
  }

  private UUID add(boolean isAutoApproved) {
    Job job = created(isAutoApproved);
    jobs.add(job);
    runner.poke();
    return job.id();
  }

  private void awaitStatus(UUID id, JobStatus status) {
    until(() -> jobs.get(id).status() == status, () -> jobs.get(id).toString());
  }

  private static void until(BooleanSupplier condition, java.util.function.Supplier<String> state) {
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < deadlineNs, state);
      LockSupport.parkNanos(2_000_000);
    }
  }

  /** What a user does, whoever else changes the job. */
  private void change(UUID id, java.util.function.UnaryOperator<Job> change) {
    Job job = jobs.get(id);
    while (!jobs.save(change.apply(job), job.revision())) {
      job = jobs.get(id);
    }
    runner.poke();
  }

  @Test
  void takesEachJobToItsEndAndTellsOfIt() {
    runner.start();
    UUID id = add(true);

    awaitStatus(id, JobStatus.COMPLETED);
    until(() -> !jobs.isLeased(id), () -> "still leased");
    assertEquals(
        List.of(
            "ingest",
            "audio_analyze+face_track+scene_detect",
            "clip_select",
            "render:clip-01",
            "render:clip-02",
            "export"),
        work.done(id));
    until(() -> told.stream().anyMatch(JobEvent.Completed.class::isInstance), told::toString);
    assertEquals(1, registry.get("jobs").tag("status", "completed").counter().count());
    assertEquals(2, registry.get("render.duration").timer().count());
    assertEquals(1, registry.get("step.duration").tag("step", "ingest").timer().count());
    long starts =
        told.stream()
            .filter(JobEvent.StepChanged.class::isInstance)
            .filter(event -> ((JobEvent.StepChanged) event).step().status() == StepStatus.RUNNING)
            .count();
    assertEquals(8, starts);
  }

  @Test
  void worksOnNoMoreJobsAtOnceThanItHasThreads() throws Exception {
    runner = runner(2);
    PretendedWork.Halt halt = work.haltAt("ingest");
    List<UUID> all = List.of(add(true), add(true), add(true));
    runner.start();

    until(() -> halt.reached() == 2, () -> "reached: " + halt.reached());
    assertEquals(1, all.stream().filter(id -> jobs.get(id).status() == JobStatus.CREATED).count());
    halt.goOn();
    all.forEach(id -> awaitStatus(id, JobStatus.COMPLETED));
  }

  @Test
  void waitsForAWordAfterSelectionAndAfterRendering() {
    runner.start();
    UUID id = add(false);

    awaitStatus(id, JobStatus.CLIPS_GENERATED);
    until(() -> !jobs.isLeased(id), () -> "still leased");
    assertEquals("clip_select", work.done(id).getLast());
    change(id, job -> JobMachine.approved(job, Instant.now()));
    awaitStatus(id, JobStatus.REVIEW);
    change(id, job -> JobMachine.approved(job, Instant.now()));
    assertEquals(JobStatus.COMPLETED, jobs.get(id).status());
  }

  @Test
  void aCancelEndsTheStepThatRuns() {
    PretendedWork.Halt halt = work.haltAt("render:clip-01");
    runner.start();
    UUID id = add(true);
    until(() -> halt.reached() == 1, () -> "not reached");

    change(id, job -> JobMachine.cancelled(job, Instant.now()));
    assertTrue(runner.stop(id));
    until(() -> !jobs.isLeased(id), () -> "still leased");
    assertEquals(JobStatus.CANCELLED, jobs.get(id).status());
    assertEquals(
        StepStatus.CANCELLED, jobs.get(id).step(StepKey.render("clip-02")).orElseThrow().status());
    assertEquals(List.of(id), clips.abandoned);
    assertFalse(work.done(id).contains("export"));
  }

  @Test
  void aPauseLetsTheStepEndAndNoOtherBegin() {
    PretendedWork.Halt halt = work.haltAt("clip_select");
    runner.start();
    UUID id = add(true);
    until(() -> halt.reached() == 1, () -> "not reached");

    change(id, job -> JobMachine.paused(job, Instant.now()));
    halt.goOn();
    until(() -> !jobs.isLeased(id), () -> "still leased");
    assertEquals(JobStatus.PAUSED, jobs.get(id).status());
    assertEquals(
        StepStatus.COMPLETED,
        jobs.get(id).step(StepKey.of(StepName.CLIP_SELECT)).orElseThrow().status());
    assertEquals("clip_select", work.done(id).getLast());
    change(id, job -> JobMachine.resumed(job, Instant.now()));
    awaitStatus(id, JobStatus.COMPLETED);
  }

  @Test
  void aFailureIsToldAndARetryGoesOnFromThere() {
    work.fail("render:clip-02", new HalcyonException(ErrorCode.UNSUPPORTED_MEDIA, "no such codec"));
    runner.start();
    UUID id = add(true);

    awaitStatus(id, JobStatus.FAILED);
    until(() -> told.stream().anyMatch(JobEvent.Failed.class::isInstance), told::toString);
    JobEvent.Failed failed =
        (JobEvent.Failed)
            told.stream().filter(JobEvent.Failed.class::isInstance).findFirst().orElseThrow();
    assertEquals(StepKey.render("clip-02"), failed.step());
    assertEquals("no such codec", failed.failure().message());
    until(() -> clips.failed.equals(List.of(Job.clipId(id, "clip-02"))), clips.failed::toString);
    work.fail("render:clip-02", null);
    int before = work.done(id).size();
    change(id, job -> JobMachine.retried(job, key -> true, Instant.now()));
    awaitStatus(id, JobStatus.COMPLETED);
    assertEquals(
        List.of("render:clip-02", "export"), work.done(id).subList(before, work.done(id).size()));
  }

  @Test
  void aJobThatWaitsForItsNextAttemptHoldsUpNobody() {
    Job first = created(true);
    work.failOnceOf(
        first.id(), "ingest", new HalcyonException(ErrorCode.DECODER_CRASHED, "it died"));
    jobs.add(first);
    runner.start();
    UUID second = add(true);

    awaitStatus(second, JobStatus.COMPLETED);
    Job waiting = jobs.get(first.id());
    assertEquals(JobStatus.INGESTING, waiting.status());
    assertTrue(waiting.nextRetryAt().isPresent());
    until(() -> !jobs.isLeased(first.id()), () -> "still leased");
  }

  @Test
  void whatAKilledNodeLeftGoesOnFromItsLastFinishedStep() {
    Job job = JobMachine.begun(created(true), Instant.now());
    StepKey ingest = StepKey.of(StepName.INGEST);
    job = JobMachine.started(job, ingest, "", Instant.now());
    job = JobMachine.completed(job, ingest, "o", java.time.Duration.ZERO, Instant.now());
    StepKey faces = StepKey.of(StepName.FACE_TRACK);
    job = JobMachine.started(job, faces, "", Instant.now());
    jobs.leaveInHand(job);
    UUID id = job.id();
    runner.start();

    awaitStatus(id, JobStatus.COMPLETED);
    assertEquals("audio_analyze+face_track+scene_detect", work.done(id).getFirst());
    assertEquals(2, jobs.get(id).step(faces).orElseThrow().attempts());
  }

  @Test
  void aJobThatCannotBeReadHoldsUpNoOther() {
    Job left = created(true);
    Job waiting = created(true);
    unreadable.addAll(List.of(left.id(), waiting.id()));
    jobs.leaveInHand(left);
    jobs.add(waiting);
    Job leftToo = created(true);
    jobs.leaveInHand(leftToo);
    runner.start();
    UUID id = add(true);

    awaitStatus(leftToo.id(), JobStatus.COMPLETED);
    awaitStatus(id, JobStatus.COMPLETED);
    assertTrue(jobs.isLeased(left.id()), "found among what was left, later");
    assertTrue(jobs.isLeased(waiting.id()), "found among what was left, later");
  }

  @Test
  void theClipsOfACancelledJobThatANodeLeftAreEnded() {
    Job left = JobMachine.cancelled(JobMachine.begun(created(true), Instant.now()), Instant.now());
    jobs.leaveInHand(left);
    runner.start();

    assertEquals(List.of(left.id()), clips.abandoned);
    assertFalse(jobs.isLeased(left.id()));
  }

  @Test
  void aStopPutsTheStepAsideAndTheAttemptDoesNotCount() {
    PretendedWork.Halt halt = work.haltAt("render:clip-01");
    runner.start();
    UUID id = add(true);
    until(() -> halt.reached() == 1, () -> "not reached");

    runner.close();
    Job left = jobs.get(id);
    assertEquals(StepStatus.PENDING, left.step(StepKey.render("clip-01")).orElseThrow().status());
    assertEquals(0, left.step(StepKey.render("clip-01")).orElseThrow().attempts());
    assertFalse(jobs.isLeased(id));
    assertEquals(List.of(), clips.abandoned);
  }

  @Test
  void aSourceThatCannotBeOpenedFailsTheJobWithItsReason() {
    work.refuse(new HalcyonException(ErrorCode.NOT_FOUND, "no such upload"));
    runner.start();
    UUID id = add(true);

    awaitStatus(id, JobStatus.FAILED);
    assertEquals(Optional.of("no such upload"), jobs.get(id).failure().map(why -> why.message()));
  }

  @Test
  void nothingBeginsOnAFullDisk() {
    hasRoom = false;
    UUID id = add(true);
    runner.start();
    assertEquals(JobStatus.CREATED, jobs.get(id).status());

    hasRoom = true;
    runner.poke();
    awaitStatus(id, JobStatus.COMPLETED);
  }
}
