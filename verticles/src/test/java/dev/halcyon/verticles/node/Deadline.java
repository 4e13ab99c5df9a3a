package dev.halcyon.verticles.node;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what should come, and not for ever. */
final class Deadline {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private Deadline() {}

  static void until(String what, BooleanSupplier condition) {
    found(what, () -> condition.getAsBoolean() ? Optional.of(true) : Optional.empty());
  }

  /** The first value that {@code search} finds. */
  static <T> T found(String what, Supplier<Optional<T>> search) {
    long deadlineNs = System.nanoTime() + LIMIT.toNanos();
    while (true) {
      Optional<T> found = search.get();
      if (found.isPresent()) {
        return found.get();
      }
      if (System.nanoTime() - deadlineNs > 0) {
        throw new AssertionError("not within " + LIMIT.toSeconds() + " s: " + what);
      }
      LockSupport.parkNanos(5_000_000);
    }
  }
}
