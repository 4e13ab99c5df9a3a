package dev.halcyon.core.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.error.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random lives of jobs: whatever happens to one, its rows and its status keep to the rules. */
final class JobModelTest {
  private static final int LIVES = 400;
  private static final int EVENTS = 400;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void everyLifeKeepsToTheRules(long seed) {
    Random random = new Random(seed);
    EnumSet<JobStatus> ends = EnumSet.noneOf(JobStatus.class);
    for (int life = 0; life < LIVES; life++) {
      ends.add(new Life(random, "seed=" + seed + " life=" + life).run());
    }
    assertTrue(
        ends.containsAll(EnumSet.of(JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.CANCELLED)),
        () -> "the model is too narrow: " + ends);
  }

  private static final class Life {
    private final Random random;
    private final String label;
    private final boolean isRough;
    private Instant now = Instant.EPOCH;
    private Job job;

    Life(Random random, String label) {
      this.random = random;
      this.label = label;
      this.isRough = random.nextBoolean();
      EnumSet<StepName> skipped = EnumSet.of(StepName.DIARIZE);
      if (random.nextBoolean()) {
        skipped.add(StepName.TRANSCRIBE);
      }
      job = JobMachine.created(new UUID(0, 1), random.nextBoolean(), skipped, now);
    }

    JobStatus run() {
      become(JobMachine.begun(job, now));
      for (int n = 0; n < EVENTS && !isOver(); n++) {
        now = now.plusSeconds(random.nextInt(20));
        event();
      }
      assertTrue(job.status().isEnd(), () -> label + " never ended: " + job.status() + job.steps());
      return job.status();
    }

    private boolean isOver() {
      return job.status() == JobStatus.FAILED ? random.nextInt(3) > 0 : job.status().isEnd();
    }

    private void event() {
      int kind = random.nextInt(isRough ? 40 : 2000);
      switch (kind) {
        case 0 ->
            become(job.status().canBecome(JobStatus.PAUSED) ? JobMachine.paused(job, now) : job);
        case 1 -> become(JobMachine.recovered(job, key -> random.nextBoolean(), now));
        case 2 -> become(JobMachine.released(job, now));
        case 3 -> {
          if (random.nextInt(4) == 0 && job.status().canBecome(JobStatus.CANCELLED)) {
            become(JobMachine.cancelled(job, now));
          }
        }
        default -> ordinary();
      }
    }

    private void ordinary() {
      switch (job.status()) {
        case CREATED -> become(JobMachine.begun(job, now));
        case PAUSED -> become(JobMachine.resumed(job, now));
        case CLIPS_GENERATED -> become(JobMachine.approved(job, now));
        case REVIEW ->
            become(
                random.nextInt(3) == 0
                    ? JobMachine.rerendered(job, List.of("clip-01"), now)
                    : JobMachine.approved(job, now));
        case FAILED -> become(JobMachine.retried(job, key -> true, now));
        case INGESTING, ANALYZING, RENDERING -> work();
        case PUBLISHING, COMPLETED, CANCELLED -> {}
      }
    }

    private void work() {
      List<StepRow> running =
          job.steps().stream().filter(row -> row.status() == StepStatus.RUNNING).toList();
      List<Set<StepKey>> ready = job.runnable(now);
      if (!ready.isEmpty() && (running.isEmpty() || random.nextBoolean())) {
        for (StepKey key : ready.get(random.nextInt(ready.size()))) {
          become(JobMachine.started(job, key, "d" + random.nextInt(), now));
        }
      } else if (!running.isEmpty()) {
        end(running.get(random.nextInt(running.size())).key());
      } else {
        assertTrue(
            job.nextRetryAt().isPresent(),
            () -> label + " is stuck: " + job.status() + job.steps());
        now = job.nextRetryAt().orElseThrow();
      }
    }

    private void end(StepKey key) {
      int fate = random.nextInt(isRough ? 8 : 400);
      if (fate < 2) {
        ErrorCode code = fate == 0 ? ErrorCode.DECODER_CRASHED : ErrorCode.UNSUPPORTED_MEDIA;
        become(JobMachine.failed(job, key, new StepFailure(code, "so it goes"), now));
        return;
      }
      if (key.name() == StepName.CLIP_SELECT) {
        List<String> clips = new ArrayList<>();
        for (int n = random.nextInt(4); n > 0; n--) {
          clips.add("clip-0" + n);
        }
        become(JobMachine.withClips(job, clips, now));
      }
      become(JobMachine.completed(job, key, "out", Duration.ofMillis(1), now));
    }

    private void become(Job next) {
      assertTrue(next.revision() >= job.revision(), label);
      for (StepRow row : next.steps()) {
        check(next, row);
      }
      if (next.status() == JobStatus.COMPLETED || next.status() == JobStatus.REVIEW) {
        assertTrue(next.areOver(EnumSet.allOf(StepName.class)), () -> label + next.steps());
        assertEquals(100, next.percent(Map.of()));
      }
      if (next.status() == JobStatus.FAILED) {
        assertTrue(next.failure().isPresent(), label);
        assertTrue(next.steps().stream().noneMatch(Life::isRunning), label);
      }
      job = next;
    }

    private void check(Job next, StepRow row) {
      boolean wasOver = job.step(row.key()).map(before -> before.status().isOver()).orElse(false);
      if (isRunning(row)) {
        assertTrue(next.areOver(row.key().name().needs()), () -> label + " runs too soon " + row);
        assertTrue(!wasOver, () -> label + " runs twice " + row);
      }
      if (row.status() == StepStatus.FAILED && row.failure().orElseThrow().isWorthRetrying()) {
        assertEquals(row.attemptsAllowed(), row.attempts(), () -> label + row);
      }
    }

    private static boolean isRunning(StepRow row) {
      return row.status() == StepStatus.RUNNING;
    }
  }
}
