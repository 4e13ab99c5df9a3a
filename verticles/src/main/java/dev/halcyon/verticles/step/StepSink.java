package dev.halcyon.verticles.step;

import dev.halcyon.core.job.StepName;
import java.io.PrintStream;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The child's side of {@link StepLine}: what it tells its parent. Any thread. */
final class StepSink {
  private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(200);

  private final PrintStream out;
  private final Map<StepName, Long> toldAtNs = new EnumMap<>(StepName.class);

  StepSink(PrintStream out) {
    this.out = out;
  }

  /** Told a few times a second, however often it is called. */
  synchronized void progress(StepName step, double done, long mediaUs) {
    long nowNs = System.nanoTime();
    Long before = toldAtNs.get(step);
    if (before == null || nowNs - before >= INTERVAL_NS || done >= 1) {
      toldAtNs.put(step, nowNs);
      write(
          new StepLine.Progress(
              new StepProgress(step, Math.clamp(done, 0, 1), Math.max(0, mediaUs))));
    }
  }

  synchronized void write(StepLine line) {
    out.print(line.text() + "\n");
    out.flush();
  }
}
