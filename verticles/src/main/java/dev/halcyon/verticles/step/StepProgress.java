package dev.halcyon.verticles.step;

import dev.halcyon.core.job.StepName;
import java.util.Objects;

/**
 * How far a step is.
 *
 * @param done 0..1
 * @param mediaUs how much of the source it has been through
 */
public record StepProgress(StepName step, double done, long mediaUs) {
  public StepProgress {
    Objects.requireNonNull(step, "step");
    if (!(done >= 0 && done <= 1) || mediaUs < 0) {
      throw new IllegalArgumentException("progress [done=" + done + ", mediaUs=" + mediaUs + "]");
    }
  }
}
