package dev.halcyon.verticles.job;

import dev.halcyon.core.job.StepKey;
import dev.halcyon.core.job.StepRow;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Set;

/** A run in a log: a line now and then, nothing that moves. */
final class LineDisplay implements ClipListener {
  private static final int TELL_EVERY_PERCENT = 25;

  private final PrintStream out;
  private Set<StepKey> steps = Set.of();
  private long startedNs;
  private int toldPercent;

  LineDisplay(PrintStream out) {
    this.out = out;
  }

  @Override
  public synchronized void onStarted(Set<StepKey> begun) {
    steps = begun;
    startedNs = System.nanoTime();
    toldPercent = 0;
  }

  @Override
  public synchronized void onProgress(double done, long mediaUs) {
    int percent = (int) (done * 100);
    if (percent - toldPercent < TELL_EVERY_PERCENT || percent >= 100) {
      return;
    }
    toldPercent = percent;
    Duration elapsed = Duration.ofNanos(System.nanoTime() - startedNs);
    Duration left = ProgressText.left(done, elapsed);
    String speed = ProgressText.isThroughMedia(steps) ? ProgressText.speed(mediaUs, elapsed) : "";
    out.println(
        ProgressText.name(steps)
            + ": "
            + percent
            + " %"
            + (speed.isEmpty() ? "" : ", " + speed)
            + (left.isNegative() ? "" : ", " + ProgressText.clock(left) + " left"));
  }

  @Override
  public synchronized void onEnded(StepRow row, String note, boolean isReused) {
    String took = isReused ? "kept" : row.took().map(ProgressText::took).orElse("");
    out.println(
        ProgressText.name(row.key())
            + ": "
            + row.status().wire()
            + (note.isEmpty() ? "" : ", " + note)
            + (took.isEmpty() ? "" : " (" + took + ")"));
  }

  @Override
  public synchronized void onWaiting(Duration wait) {
    out.println("trying again in " + ProgressText.took(wait));
  }
}
