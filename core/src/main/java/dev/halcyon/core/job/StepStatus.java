package dev.halcyon.core.job;

import java.util.Locale;

/** Where one step stands. */
public enum StepStatus {
  PENDING,
  RUNNING,
  COMPLETED,
  /** Every attempt is used up, or another one would fail the same way. */
  FAILED,
  /** Not wanted, or there is nothing to do it with. */
  SKIPPED,
  CANCELLED;

  /** Whether steps that need this one may begin. */
  public boolean isOver() {
    return this == COMPLETED || this == SKIPPED;
  }

  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static StepStatus ofWire(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
