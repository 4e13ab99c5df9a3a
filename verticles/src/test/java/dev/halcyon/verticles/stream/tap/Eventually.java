package dev.halcyon.verticles.stream.tap;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for a condition with a deadline; says how things stand when it is over. */
final class Eventually {
  private static final long DEADLINE_NS = Duration.ofSeconds(60).toNanos();

  private Eventually() {}

  static void isTrue(Supplier<String> state, BooleanSupplier condition) {
    long deadlineNs = System.nanoTime() + DEADLINE_NS;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadlineNs > 0) {
        throw new AssertionError("not in time: " + state.get());
      }
      LockSupport.parkNanos(2_000_000);
    }
  }
}
