package dev.halcyon.verticles.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.job.Job;
import dev.halcyon.core.job.JobMachine;
import dev.halcyon.core.job.JobStatus;
import dev.halcyon.core.job.StepKey;
import dev.halcyon.core.job.StepName;
import dev.halcyon.core.job.StepRow;
import dev.halcyon.core.job.StepStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The order of steps, what is kept between runs, and what a stop leaves, with pretended work. */
final class ClipRunTest {
  private static final List<String> CLIPS = List.of("clip-01", "clip-02");

  @TempDir private Path folder;
  private FileJobStore store;
  private final Pretence work = new Pretence();
  private final Told told = new Told();
  private Instant now = Instant.parse("2026-11-20T12:00:00Z");

  @BeforeEach
  void open() {
    store = new FileJobStore(folder.resolve("job.json"));
  }

  @Test
  void runsEveryStepOnceInOrderAndKeepsTheEnd() {
    Job job = run(List.of()).run();

    assertEquals(JobStatus.COMPLETED, job.status());
    assertEquals(
        List.of(
            "[ingest]",
            "[audio_analyze, face_track, scene_detect]",
            "[clip_select]",
            "[render:clip-01]",
            "[render:clip-02]",
            "[export]"),
        work.done);
    assertEquals(Optional.of(job), store.last());
  }

  @Test
  void anotherRunMakesOnlyWhatChanged() {
    run(List.of()).run();
    List<StepRow> earlier = store.last().orElseThrow().steps();
    work.done.clear();
    work.changed.add("render:clip-02");
    work.changed.add("face_track");

    run(earlier).run();
    assertEquals(List.of("[face_track]", "[render:clip-02]"), work.done);
    assertEquals(
        Set.of(
            "ingest", "audio_analyze", "scene_detect", "clip_select", "render:clip-01", "export"),
        told.reused);
  }

  @Test
  void whatIsGoneIsMadeAgain() {
    run(List.of()).run();
    List<StepRow> earlier = store.last().orElseThrow().steps();
    work.done.clear();
    work.gone.add("render:clip-01");

    run(earlier).run();
    assertEquals(List.of("[render:clip-01]"), work.done);
  }

  @Test
  void aRefusalEndsTheJobAtOnce() {
    work.failures.put("ingest", new HalcyonException(ErrorCode.UNSUPPORTED_MEDIA, "a text"));
    Job job = run(List.of()).run();

    assertEquals(JobStatus.FAILED, job.status());
    assertEquals("a text", job.failure().orElseThrow().message());
    assertEquals(List.of("[ingest]"), work.done);
  }

  @Test
  void aCrashedRenderDoesNotKeepTheOthersFromTheirTurn() {
    work.failures.put(
        "render:clip-01", new HalcyonException(ErrorCode.UNSUPPORTED_MEDIA, "no such codec"));
    Job job = run(List.of()).run();

    assertEquals(JobStatus.FAILED, job.status());
    assertTrue(work.done.contains("[render:clip-02]"), () -> work.done.toString());
  }

  @Test
  void aStopIsKeptAsNotTriedAndTheNextRunGoesOn() throws Exception {
    CountDownLatch reached = work.hangAt("render:clip-02");
    ClipRun stopped = run(List.of());
    CompletableFuture<HalcyonException> end =
        CompletableFuture.supplyAsync(() -> assertThrows(HalcyonException.class, stopped::run));
    assertTrue(reached.await(30, TimeUnit.SECONDS));
    stopped.stop();

    assertEquals(ErrorCode.CANCELLED, end.get(30, TimeUnit.SECONDS).code());
    Job kept = store.last().orElseThrow();
    StepRow render = kept.step(StepKey.render("clip-02")).orElseThrow();
    assertEquals(StepStatus.PENDING, render.status());
    assertEquals(0, render.attempts());
    work.done.clear();
    work.hanging = "";
    run(kept.steps()).run();
    assertEquals(List.of("[render:clip-02]", "[export]"), work.done);
  }

  @Test
  void aStopAtTheStartLosesNothingOfTheRunBefore() throws Exception {
    run(List.of()).run();
    store = new FileJobStore(folder.resolve("job.json"));
    work.gone.add("ingest");
    CountDownLatch reached = work.hangAt("ingest");
    ClipRun stopped = run(store.earlier());
    CompletableFuture<HalcyonException> end =
        CompletableFuture.supplyAsync(() -> assertThrows(HalcyonException.class, stopped::run));
    assertTrue(reached.await(30, TimeUnit.SECONDS));
    stopped.stop();
    assertEquals(ErrorCode.CANCELLED, end.get(30, TimeUnit.SECONDS).code());

    work.done.clear();
    work.hanging = "";
    run(new FileJobStore(folder.resolve("job.json")).earlier()).run();
    assertEquals(List.of("[ingest]"), work.done);
  }

  @Test
  void aStateThatSaysNothingIsNoState() throws Exception {
    for (String text : List.of("", "{", "[]", "{\"schema\":\"halcyon.job\",\"version\":2}")) {
      Files.writeString(folder.resolve("job.json"), text);
      assertEquals(Optional.empty(), store.last(), text);
    }
  }

  private ClipRun run(List<StepRow> earlier) {
    Job job =
        JobMachine.created(
            UUID.randomUUID(), true, EnumSet.of(StepName.DIARIZE, StepName.TRANSCRIBE), now);
    return new ClipRun(job, earlier, store, work, told, () -> now = now.plusMillis(1));
  }

  private static final class Pretence implements ClipWork {
    private final List<String> done = new ArrayList<>();
    private final Set<String> changed = new HashSet<>();
    private final Set<String> gone = new HashSet<>();
    private final Map<String, HalcyonException> failures = new HashMap<>();
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch cancelled = new CountDownLatch(1);
    private volatile String hanging = "";

    CountDownLatch hangAt(String step) {
      hanging = step;
      return reached;
    }

    @Override
    public String inputsOf(StepKey key) {
      return key.wire() + (changed.contains(key.wire()) ? " changed" : "");
    }

    @Override
    public Optional<Outcome> reuse(StepRow row) {
      return gone.contains(row.key().wire()) ? Optional.empty() : Optional.of(outcome(row.key()));
    }

    @Override
    public Map<StepKey, Outcome> perform(Set<StepKey> keys) throws InterruptedException {
      List<String> names = keys.stream().map(StepKey::wire).sorted().toList();
      done.add(names.toString());
      if (names.contains(hanging)) {
        reached.countDown();
        cancelled.await();
        throw new HalcyonException(ErrorCode.CANCELLED, "cancelled");
      }
      if (failures.containsKey(names.getFirst())) {
        throw failures.get(names.getFirst());
      }
      Map<StepKey, Outcome> outcomes = new HashMap<>();
      keys.forEach(key -> outcomes.put(key, outcome(key)));
      return outcomes;
    }

    private static Outcome outcome(StepKey key) {
      return new Outcome(
          "out", "", Duration.ofMillis(1), key.name() == StepName.CLIP_SELECT ? CLIPS : List.of());
    }

    @Override
    public void cancel() {
      cancelled.countDown();
    }
  }

  private static final class Told implements ClipListener {
    private final Set<String> reused = new HashSet<>();

    @Override
    public void onStarted(Set<StepKey> steps) {}

    @Override
    public void onProgress(double done, long mediaUs) {}

    @Override
    public void onEnded(StepRow row, String note, boolean isReused) {
      if (isReused) {
        reused.add(row.key().wire());
      }
    }

    @Override
    public void onWaiting(Duration wait) {}
  }
}
