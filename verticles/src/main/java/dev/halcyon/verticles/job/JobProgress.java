package dev.halcyon.verticles.job;

import dev.halcyon.core.job.Job;
import dev.halcyon.core.job.JobTrace;
import dev.halcyon.core.job.StepKey;
import dev.halcyon.core.job.StepRow;
import dev.halcyon.core.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * How far a job in hand is: listeners are told twice a second, its rows are brought up to date
 * every other second. Any thread.
 */
final class JobProgress implements ClipListener {
  private static final Logger log = LoggerFactory.getLogger(JobProgress.class);
  private static final long TELL_NS = Duration.ofMillis(500).toNanos();
  private static final long KEEP_NS = Duration.ofSeconds(2).toNanos();

  /** Names in each line of the log that a step writes. */
  private static final String SPAN = "span_id";

  private final Supplier<Job> job;
  private final Told told;
  private final Kept kept;
  private final Clock clock;
  private List<StepKey> steps = List.of();
  private double done;
  private long toldNs;
  private long keptNs;

  /** Is told of progress; must not block. */
  interface Told {
    void progressed(List<StepKey> steps, double done, long mediaUs);
  }

  /** Keeps progress; must not block. */
  interface Kept {
    void keep(List<StepKey> steps, double done);
  }

  JobProgress(Supplier<Job> job, Told told, Kept kept, Clock clock) {
    this.job = Objects.requireNonNull(job, "job");
    this.told = Objects.requireNonNull(told, "told");
    this.kept = Objects.requireNonNull(kept, "kept");
    this.clock = Objects.requireNonNull(clock, "clock");
    this.toldNs = clock.nanoTime() - TELL_NS;
    this.keptNs = clock.nanoTime();
  }

  /** 0 to 100. */
  int percent(Job of) {
    return of.percent(running());
  }

  private synchronized Map<StepKey, Double> running() {
    Map<StepKey, Double> running = new HashMap<>();
    steps.forEach(key -> running.put(key, done));
    return running;
  }

  @Override
  public void onStarted(Set<StepKey> started) {
    synchronized (this) {
      steps = started.stream().sorted().toList();
      done = 0;
    }
    UUID id = job.get().id();
    StepRow first = job.get().step(steps.getFirst()).orElseThrow();
    MDC.put(SPAN, JobTrace.spanId(id, first.key(), first.attempts()));
    log.info("step begins [job={}, steps={}]", id, names(started));
  }

  private static List<String> names(Set<StepKey> keys) {
    return keys.stream().map(StepKey::wire).sorted().toList();
  }

  @Override
  public void onProgress(double part, long mediaUs) {
    List<StepKey> of;
    boolean isTold;
    boolean isKept;
    long nowNs = clock.nanoTime();
    synchronized (this) {
      done = part;
      of = steps;
      isTold = nowNs - toldNs >= TELL_NS;
      isKept = nowNs - keptNs >= KEEP_NS;
      toldNs = isTold ? nowNs : toldNs;
      keptNs = isKept ? nowNs : keptNs;
    }
    if (isTold) {
      told.progressed(of, part, mediaUs);
    }
    if (isKept) {
      kept.keep(of, part);
    }
  }

  @Override
  public void onEnded(StepRow row, String note, boolean isReused) {
    log.info(
        "step ends [job={}, step={}, status={}, took_ms={}, note={}]",
        job.get().id(),
        row.key().wire(),
        row.status().wire(),
        row.took().map(Duration::toMillis).orElse(0L),
        note);
  }

  @Override
  public void onWaiting(Duration wait) {
    log.info("job waits for its next attempt [job={}, wait={}]", job.get().id(), wait);
  }
}
