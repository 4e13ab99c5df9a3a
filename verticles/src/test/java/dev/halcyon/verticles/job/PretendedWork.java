package dev.halcyon.verticles.job;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.job.StepKey;
import dev.halcyon.core.job.StepName;
import dev.halcyon.core.job.StepRow;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** Steps that take no time, unless they are to wait or to fail. Any thread. */
final class PretendedWork {
  private final Map<UUID, List<String>> done = new ConcurrentHashMap<>();
  private final Map<String, HalcyonException> failures = new ConcurrentHashMap<>();
  private volatile HalcyonException refusal;
  private volatile Halt halt = new Halt("");

  /** Where steps wait until they may go on or are cancelled. */
  static final class Halt {
    private final String step;
    private final AtomicInteger reached = new AtomicInteger();
    private final CountDownLatch open = new CountDownLatch(1);

    Halt(String step) {
      this.step = step;
    }

    int reached() {
      return reached.get();
    }

    void goOn() {
      open.countDown();
    }
  }

  Halt haltAt(String step) {
    halt = new Halt(step);
    return halt;
  }

  /** From now on a step fails, or with null does not. */
  void fail(String step, HalcyonException why) {
    if (why == null) {
      failures.remove(step);
    } else {
      failures.put(step, why);
    }
  }

  void failOnceOf(UUID job, String step, HalcyonException why) {
    failures.put(job + step, why);
  }

  void refuse(HalcyonException why) {
    refusal = why;
  }

  /** What was done of a job, in order; steps of one run joined by +. */
  List<String> done(UUID job) {
    return done.getOrDefault(job, List.of());
  }

  JobWork of(UUID job, ClipListener listener) {
    if (refusal != null) {
      throw refusal;
    }
    return new OfJob(job, listener);
  }

  private final class OfJob implements JobWork {
    private final UUID job;
    private final ClipListener listener;
    private volatile boolean isCancelled;

    OfJob(UUID job, ClipListener listener) {
      this.job = job;
      this.listener = listener;
    }

    @Override
    public String inputsOf(StepKey key) {
      return key.wire();
    }

    @Override
    public Optional<Outcome> reuse(StepRow row) {
      return Optional.empty();
    }

    @Override
    public Map<StepKey, Outcome> perform(Set<StepKey> keys) {
      String name = keys.stream().map(StepKey::wire).sorted().collect(Collectors.joining("+"));
      done.computeIfAbsent(job, id -> new CopyOnWriteArrayList<>()).add(name);
      listener.onProgress(0.5, 1_000_000);
      if (name.equals(halt.step)) {
        halt.reached.incrementAndGet();
        while (halt.open.getCount() > 0 && !isCancelled) {
          LockSupport.parkNanos(1_000_000);
        }
      }
      if (isCancelled) {
        throw new HalcyonException(ErrorCode.CANCELLED, "cancelled");
      }
      HalcyonException once = failures.remove(job + name);
      HalcyonException failure = once == null ? failures.get(name) : once;
      if (failure != null) {
        throw failure;
      }
      Map<StepKey, Outcome> outcomes = new TreeMap<>();
      keys.forEach(key -> outcomes.put(key, outcome(key)));
      return outcomes;
    }

    private static Outcome outcome(StepKey key) {
      return new Outcome(
          "out",
          "",
          Duration.ofMillis(3),
          key.name() == StepName.CLIP_SELECT ? List.of("clip-01", "clip-02") : List.of());
    }

    @Override
    public void cancel() {
      isCancelled = true;
    }

    @Override
    public void close() {
      isCancelled = true;
    }
  }
}
