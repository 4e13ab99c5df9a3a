package dev.halcyon.verticles.job;

import dev.halcyon.core.job.StepKey;
import dev.halcyon.core.job.StepRow;
import java.time.Duration;
import java.util.Set;

/**
 * Is told what a run does, on the threads that do it; must not block. What has been told of one run
 * is told in its order.
 */
interface ClipListener {
  /** One run for these rows begins. */
  void onStarted(Set<StepKey> steps);

  /**
   * @param done 0..1 of what was started last
   * @param mediaUs how much of its media it has been through
   */
  void onProgress(double done, long mediaUs);

  /**
   * A row is over or waits for another attempt.
   *
   * @param note a few words on the result
   * @param isReused whether a run before had made it already
   */
  void onEnded(StepRow row, String note, boolean isReused);

  /** Nothing to do until the next attempt. */
  void onWaiting(Duration wait);
}
