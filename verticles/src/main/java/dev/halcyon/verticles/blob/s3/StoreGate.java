package dev.halcyon.verticles.blob.s3;

import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.blob.StoreFault;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Remembers that the whole store fails, so that not everything finds it out by itself: whoever
 * needs the store is refused at once, and it is tried again after ever longer pauses. Any thread.
 */
final class StoreGate {
  private static final Logger log = LoggerFactory.getLogger(StoreGate.class);
  private static final long FIRST_PAUSE_MS = 1_000;
  private static final long LONGEST_PAUSE_MS = 60_000;

  private final String store;
  private final Clock clock;
  private final RandomGenerator random;
  private final Notice notice;
  private Optional<Trouble> trouble = Optional.empty();

  /** Who tells the operator. */
  interface Notice {
    void troubled(String text);

    void settled();
  }

  /**
   * What is wrong.
   *
   * @param pauses that were made so far
   */
  record Trouble(StoreFault fault, Instant since, int pauses, long retryNs) {}

  /**
   * @param store its name for the operator
   */
  StoreGate(String store, Clock clock, RandomGenerator random, Notice notice) {
    this.store = store;
    this.clock = clock;
    this.random = random;
    this.notice = notice;
  }

  synchronized Optional<Trouble> trouble() {
    return trouble;
  }

  boolean isOpen() {
    return trouble().isEmpty();
  }

  /** Whether it is time to look if the store is still in trouble. */
  synchronized boolean isRetryDue() {
    return trouble.filter(now -> clock.nanoTime() - now.retryNs() >= 0).isPresent();
  }

  /** Lets the next look be now. */
  synchronized void hurry() {
    trouble =
        trouble.map(
            known -> new Trouble(known.fault(), known.since(), known.pauses(), clock.nanoTime()));
  }

  /**
   * @throws StoreFault when the store is known to fail
   */
  void require() throws StoreFault {
    Optional<Trouble> known = trouble();
    if (known.isPresent()) {
      StoreFault fault = known.get().fault();
      throw new StoreFault(fault.kind(), text(fault), fault);
    }
  }

  /** It fails; or it still does. */
  synchronized void failed(StoreFault fault) {
    int pauses = trouble.map(Trouble::pauses).orElse(0);
    boolean isNew = trouble.map(known -> known.fault().kind() != fault.kind()).orElse(true);
    long pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS << Math.min(pauses, 10));
    long jitteredMs = pauseMs / 2 + random.nextLong(pauseMs / 2 + 1);
    trouble =
        Optional.of(
            new Trouble(
                fault,
                trouble.map(Trouble::since).orElseGet(clock::now),
                pauses + 1,
                clock.nanoTime() + TimeUnit.MILLISECONDS.toNanos(jitteredMs)));
    if (isNew) {
      String text = text(fault);
      log.warn("{}; clips stay on this machine until it does", text);
      notice.troubled(text);
    }
  }

  private String text(StoreFault fault) {
    String what =
        switch (fault.kind()) {
          case AWAY, FILE -> "does not answer as it should";
          case REFUSED -> "does not accept the credentials, or they may not use it";
          case NO_BUCKET -> "has no such bucket";
          case WRONG_REGION -> "says that the bucket is in another region";
        };
    return store + " " + what + ": " + fault.getMessage();
  }

  /** It did what it was asked. */
  synchronized void worked() {
    if (trouble.isPresent()) {
      Duration lasted = Duration.between(trouble.get().since(), clock.now());
      trouble = Optional.empty();
      log.info("{} works again after {} s", store, lasted.toSeconds());
      notice.settled();
    }
  }
}
