package dev.halcyon.verticles.job;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.job.Job;
import dev.halcyon.core.job.JobStore;
import dev.halcyon.core.job.StepRow;
import dev.halcyon.core.job.StepStatus;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state of one job that is in hand: tells of each change once it is kept, and while the
 * database is away it waits, so that no finished step is lost. One thread changes it; any thread
 * may look.
 */
final class KeptJob implements JobStore {
  private static final Logger log = LoggerFactory.getLogger(KeptJob.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final JobStore store;
  private final BiConsumer<Job, Job> listener;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile Job known;

  /**
   * @param listener told of the state before and the one after
   */
  KeptJob(Job job, JobStore store, BiConsumer<Job, Job> listener) {
    this.known = Objects.requireNonNull(job, "job");
    this.store = Objects.requireNonNull(store, "store");
    this.listener = Objects.requireNonNull(listener, "listener");
  }

  /** As it was last seen. */
  Job job() {
    return known;
  }

  /** From now on it does not wait for the database. Any thread. */
  void stop() {
    stopped.countDown();
  }

  @Override
  public Optional<Job> find(UUID id) {
    Optional<Job> found = store.find(id);
    found.ifPresent(job -> known = job);
    return found;
  }

  @Override
  public boolean save(Job job, long basedOn) {
    boolean isRepeated = false;
    while (true) {
      try {
        boolean isKept = store.save(job, basedOn) || (isRepeated && isKept(job));
        if (isKept) {
          Job before = known;
          known = job;
          listener.accept(before, job);
        }
        return isKept;
      } catch (HalcyonException failure) {
        if (failure.code() != ErrorCode.DATABASE_UNAVAILABLE || isStopped()) {
          throw failure;
        }
        if (!isRepeated) {
          log.warn("a job waits for the database [job={}]", job.id());
        }
        isRepeated = true;
      }
    }
  }

  /** Whether what was not answered in time was done after all. */
  private boolean isKept(Job job) {
    return store
        .find(job.id())
        .filter(found -> found.revision() == job.revision())
        .filter(found -> found.updatedAt().equals(job.updatedAt()))
        .isPresent();
  }

  private boolean isStopped() {
    try {
      return stopped.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /** Whether a row has failed for good between two states. */
  static boolean hasFailed(Job before, StepRow row) {
    return row.status() == StepStatus.FAILED
        && before.step(row.key()).map(StepRow::status).orElse(StepStatus.PENDING)
            != StepStatus.FAILED;
  }
}
