package dev.halcyon.verticles.job;

import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.job.JobLeases;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works on jobs, a few at a time, each on a platform thread of its own that mostly waits for a
 * process. Jobs come from the store, so that what was created while no thread was free, or before
 * the node started, has its turn. Any thread; its owner closes it.
 */
final class JobRunner implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(JobRunner.class);

  /** Where nobody rings: a job of another node's, or the end of a back-off. */
  private static final Duration LOOK = Duration.ofSeconds(2);

  private static final Duration RENEW = Duration.ofSeconds(10);

  /** Once a minute. */
  private static final int RECOVER_BEATS = 6;

  private static final Duration STOP_LIMIT = Duration.ofSeconds(8);

  private final JobLeases leases;
  private final Function<UUID, Optional<JobRun>> jobs;
  private final BooleanSupplier hasRoom;
  private final List<Thread> threads = new ArrayList<>();
  private final Thread watcher =
      Thread.ofPlatform().daemon().name("job-watch").unstarted(this::watch);
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Map<UUID, JobRun> inHand = new ConcurrentHashMap<>();

  /** Every job that this node has the lease of; changed together with the lease. */
  private final Set<UUID> held = new HashSet<>();

  private final Semaphore bell = new Semaphore(0);
  private volatile boolean isClosed;

  /**
   * @param jobs what to do for a job that was claimed; empty when it is gone
   * @param hasRoom whether there is disk space to begin with
   */
  JobRunner(
      JobLeases leases,
      Function<UUID, Optional<JobRun>> jobs,
      BooleanSupplier hasRoom,
      int threadCount) {
    this.leases = Objects.requireNonNull(leases, "leases");
    this.jobs = Objects.requireNonNull(jobs, "jobs");
    this.hasRoom = Objects.requireNonNull(hasRoom, "hasRoom");
    for (int n = 0; n < threadCount; n++) {
      threads.add(Thread.ofPlatform().daemon().name("job-" + n).unstarted(this::work));
    }
  }

  /** Sees to what an earlier run of the node has left, then begins. Blocking. */
  void start() {
    recover();
    threads.forEach(Thread::start);
    watcher.start();
  }

  private void watch() {
    try {
      for (int beat = 1; !closing.await(RENEW.toMillis(), TimeUnit.MILLISECONDS); beat++) {
        watchOnce(beat % RECOVER_BEATS == 0);
      }
    } catch (InterruptedException interrupted) {
      log.warn("nobody looks after the leases of jobs any more");
    }
  }

  private void watchOnce(boolean isRecovering) {
    try {
      renew();
      if (isRecovering) {
        recover();
      }
    } catch (RuntimeException failure) {
      log.warn("leases of jobs have to wait: {}", failure.toString());
    }
  }

  /** There may be something to do. */
  void poke() {
    bell.release();
  }

  /**
   * Ends the work on a job.
   *
   * @return whether it was in hand here
   */
  boolean stop(UUID job) {
    JobRun run = inHand.get(job);
    if (run != null) {
      run.stop();
    }
    return run != null;
  }

  private void work() {
    while (!isClosed) {
      try {
        Optional<UUID> claimed = hasRoom.getAsBoolean() ? claim() : Optional.empty();
        if (claimed.isPresent()) {
          workOn(claimed.get());
        } else {
          listen();
        }
      } catch (HalcyonException away) {
        log.warn("jobs wait: {}", away.getMessage());
        listen();
      } catch (RuntimeException bug) {
        log.error("work on jobs goes on after a failure", bug);
        listen();
      }
    }
  }

  private Optional<UUID> claim() {
    synchronized (held) {
      Optional<UUID> claimed = leases.claim();
      claimed.ifPresent(held::add);
      return claimed;
    }
  }

  private void listen() {
    try {
      if (bell.tryAcquire(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
        bell.drainPermits();
      }
    } catch (InterruptedException interrupted) {
      // Meant for the work that is over.
      log.debug("interrupted while idle");
    }
  }

  private void workOn(UUID job) {
    held(job, run -> run(job, run));
  }

  /** Does something for a job that this node holds, and gives the job back. */
  private void held(UUID job, Consumer<JobRun> work) {
    boolean isDone = false;
    try {
      jobs.apply(job).ifPresent(work);
      isDone = true;
    } finally {
      // Whoever stopped the work may have interrupted it late.
      Thread.interrupted();
      if (isDone) {
        release(job);
      } else {
        putDown(job);
      }
    }
  }

  /** Keeps the lease, so that it is found among what was left: in a minute, not at once. */
  private void putDown(UUID job) {
    synchronized (held) {
      held.remove(job);
    }
  }

  private void run(UUID job, JobRun run) {
    inHand.put(job, run);
    try {
      if (isClosed) {
        return;
      }
      run.run();
    } finally {
      Thread.interrupted();
      inHand.remove(job);
    }
    run.forsake();
  }

  private void release(UUID job) {
    synchronized (held) {
      // When this fails it is found among what was left.
      held.remove(job);
      leases.release(job);
    }
  }

  private void renew() {
    Set<UUID> running = Set.copyOf(inHand.keySet());
    if (running.isEmpty()) {
      return;
    }
    Set<UUID> ours = leases.renew(running);
    running.stream().filter(job -> !ours.contains(job)).forEach(this::stop);
  }

  private void recover() {
    for (UUID job : takeLeft()) {
      log.info("a job was left in the middle [job={}]", job);
      try {
        held(job, JobRunner::recover);
      } catch (RuntimeException failure) {
        log.error("a job that was left has to wait [job={}]", job, failure);
      }
    }
    poke();
  }

  private static void recover(JobRun left) {
    left.recover();
    left.forsake();
  }

  private List<UUID> takeLeft() {
    synchronized (held) {
      List<UUID> left = leases.takeLeft(Set.copyOf(held));
      held.addAll(left);
      return left;
    }
  }

  /** Ends what runs; its steps wait for the next start, and the attempts do not count. */
  @Override
  public void close() {
    isClosed = true;
    closing.countDown();
    inHand.values().forEach(JobRun::stop);
    bell.release(threads.size());
    long deadlineNs = System.nanoTime() + STOP_LIMIT.toNanos();
    for (Thread thread : threads) {
      try {
        thread.join(Duration.ofNanos(Math.max(1, deadlineNs - System.nanoTime())));
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    if (threads.stream().anyMatch(Thread::isAlive)) {
      log.warn("a job was still in hand at the stop");
    }
  }
}
