package dev.halcyon.core.time;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** The two clocks that a component may read; a constructor argument, so that tests own time. */
public interface Clock {
  /** Wall clock, microseconds since the Unix epoch. May step. */
  long wallUs();

  /** Monotonic, nanoseconds from an arbitrary origin. */
  long nanoTime();

  /** Wall clock, to the microsecond. */
  default Instant now() {
    return Instant.EPOCH.plus(wallUs(), ChronoUnit.MICROS);
  }

  static Clock system() {
    return SystemClock.INSTANCE;
  }

  /** The real clocks of this machine. */
  enum SystemClock implements Clock {
    INSTANCE;

    @Override
    public long wallUs() {
      return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }

    @Override
    public long nanoTime() {
      return System.nanoTime();
    }
  }
}
