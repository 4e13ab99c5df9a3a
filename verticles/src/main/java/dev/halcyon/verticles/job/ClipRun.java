package dev.halcyon.verticles.job;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.job.Job;
import dev.halcyon.core.job.JobMachine;
import dev.halcyon.core.job.JobStatus;
import dev.halcyon.core.job.JobStore;
import dev.halcyon.core.job.StepFailure;
import dev.halcyon.core.job.StepKey;
import dev.halcyon.core.job.StepName;
import dev.halcyon.core.job.StepRow;
import dev.halcyon.core.job.StepStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a job from where it is to its end, one step after the other, and keeps each state before it
 * goes on. {@link #run} blocks its thread; {@link #stop} is for any thread.
 */
final class ClipRun {
  private static final Logger log = LoggerFactory.getLogger(ClipRun.class);

  private final JobStore store;
  private final ClipWork work;
  private final ClipListener listener;
  private final InstantSource clock;
  private final Map<StepKey, StepRow> earlier;
  private Job job;
  private final CountDownLatch stop = new CountDownLatch(1);

  /**
   * @param job kept already
   * @param earlier rows of a run before: what was made of the same is not made again
   */
  ClipRun(
      Job job,
      List<StepRow> earlier,
      JobStore store,
      ClipWork work,
      ClipListener listener,
      InstantSource clock) {
    this.job = Objects.requireNonNull(job, "job");
    this.store = Objects.requireNonNull(store, "store");
    this.work = Objects.requireNonNull(work, "work");
    this.listener = Objects.requireNonNull(listener, "listener");
    this.clock = Objects.requireNonNull(clock, "clock");
    this.earlier =
        earlier.stream()
            .filter(row -> row.status() == StepStatus.COMPLETED)
            .collect(Collectors.toMap(StepRow::key, row -> row));
  }

  /**
   * Runs steps until the job is at an end, at a gate, or stopped.
   *
   * @return the job as it then is
   * @throws HalcyonException CANCELLED when it was stopped; its state says where to go on
   */
  Job run() {
    try {
      while (!advance()) {
        awaitRetry();
      }
      return job;
    } catch (InterruptedException interrupted) {
      throw stopped();
    }
  }

  /** As {@link #run}, but comes back when a row has to wait for its next attempt. */
  Job runWhileReady() {
    try {
      advance();
      return job;
    } catch (InterruptedException interrupted) {
      throw stopped();
    }
  }

  /** Runs what is ready; returns whether nothing is left to wait for. */
  private boolean advance() throws InterruptedException {
    if (job.status() == JobStatus.CREATED) {
      become(now -> JobMachine.begun(job, now));
    }
    while (job.status().isWorking()) {
      requireNotStopped();
      List<Set<StepKey>> ready = job.runnable(clock.instant());
      if (ready.isEmpty()) {
        return false;
      }
      runTogether(ready.getFirst());
    }
    return true;
  }

  private void awaitRetry() throws InterruptedException {
    Instant at =
        job.nextRetryAt().orElseThrow(() -> new IllegalStateException("no step can run: " + job));
    Duration wait = Duration.between(clock.instant(), at);
    listener.onWaiting(wait);
    if (stop.await(Math.max(1, wait.toMillis()), TimeUnit.MILLISECONDS)) {
      throw new InterruptedException();
    }
  }

  /** Has the run stop as soon as it can; the step that runs is ended. */
  void stop() {
    stop.countDown();
    work.cancel();
  }

  private void requireNotStopped() throws InterruptedException {
    if (stop.getCount() == 0) {
      throw new InterruptedException();
    }
  }

  private HalcyonException stopped() {
    // A file that is written by an interrupted thread is closed at once.
    boolean isInterrupted = Thread.interrupted();
    become(now -> JobMachine.released(job, now));
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
    return new HalcyonException(ErrorCode.CANCELLED, "stopped");
  }

  private void runTogether(Set<StepKey> ready) throws InterruptedException {
    Map<StepKey, String> left = new LinkedHashMap<>();
    for (StepKey key : ready.stream().sorted().toList()) {
      Optional<String> inputs = inputsOf(key);
      if (inputs.isPresent() && !isReused(key, inputs.get())) {
        left.put(key, inputs.get());
      }
    }
    Set<StepKey> begun = new LinkedHashSet<>();
    left.forEach(
        (key, inputs) -> {
          if (begins(key, inputs)) {
            begun.add(key);
          }
        });
    if (!begun.isEmpty()) {
      perform(begun);
    }
  }

  /** Whether it is still the row's turn: somebody may have paused the job meanwhile. */
  private boolean begins(StepKey key, String inputs) {
    become(now -> job.isReached(key.name()) ? JobMachine.started(job, key, inputs, now) : job);
    return job.step(key).map(StepRow::status).orElseThrow() == StepStatus.RUNNING;
  }

  /** What goes into a step; when that cannot be told, the step has failed. */
  private Optional<String> inputsOf(StepKey key) {
    try {
      return Optional.of(work.inputsOf(key));
    } catch (RuntimeException failure) {
      if (begins(key, "")) {
        fail(Set.of(key), failure);
      }
      return Optional.empty();
    }
  }

  private boolean isReused(StepKey key, String inputs) {
    Optional<ClipWork.Outcome> kept =
        Optional.ofNullable(earlier.get(key))
            .filter(row -> row.inputs().equals(inputs))
            .flatMap(work::reuse);
    if (kept.isEmpty()) {
      return false;
    }
    Duration took = earlier.get(key).took().orElse(Duration.ZERO);
    if (!begins(key, inputs)) {
      return true;
    }
    complete(key, kept.get(), took);
    listener.onEnded(job.step(key).orElseThrow(), kept.get().note(), true);
    return true;
  }

  private void perform(Set<StepKey> keys) throws InterruptedException {
    listener.onStarted(keys);
    try {
      Map<StepKey, ClipWork.Outcome> outcomes = work.perform(keys);
      outcomes.forEach(
          (key, outcome) -> {
            complete(key, outcome, outcome.took());
            listener.onEnded(job.step(key).orElseThrow(), outcome.note(), false);
          });
    } catch (HalcyonException failure) {
      if (failure.code() == ErrorCode.CANCELLED) {
        throw stopped();
      }
      fail(keys, failure);
    } catch (RuntimeException bug) {
      fail(keys, bug);
    }
  }

  private void complete(StepKey key, ClipWork.Outcome outcome, Duration took) {
    if (key.name() == StepName.CLIP_SELECT) {
      become(now -> JobMachine.withClips(job, outcome.clips(), now));
    }
    become(now -> JobMachine.completed(job, key, outcome.output(), took, now));
  }

  private void fail(Set<StepKey> keys, RuntimeException cause) {
    StepFailure why =
        cause instanceof HalcyonException failure
            ? StepFailure.of(failure)
            : new StepFailure(ErrorCode.INTERNAL, cause.toString());
    if (why.code() == ErrorCode.INTERNAL) {
      log.error("steps {} failed", keys, cause);
    }
    for (StepKey key : keys) {
      if (job.step(key).map(StepRow::status).orElseThrow() == StepStatus.RUNNING) {
        become(now -> JobMachine.failed(job, key, why, now));
        listener.onEnded(job.step(key).orElseThrow(), why.message(), false);
      }
    }
  }

  /** Users may change the job at the same time: then the change is made of what it has become. */
  private void become(Change change) {
    while (true) {
      Job next = change.at(clock.instant());
      if (next.equals(job)) {
        return;
      }
      if (store.save(next, job.revision())) {
        job = next;
        return;
      }
      job =
          store
              .find(job.id())
              .filter(found -> !found.status().isEnd())
              .orElseThrow(() -> new HalcyonException(ErrorCode.CANCELLED, "cancelled"));
    }
  }

  private interface Change {
    Job at(Instant now);
  }
}
