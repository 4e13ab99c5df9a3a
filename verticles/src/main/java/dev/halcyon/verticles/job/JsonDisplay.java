package dev.halcyon.verticles.job;

import dev.halcyon.core.job.StepKey;
import dev.halcyon.core.job.StepRow;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A run for a script: one JSON object a line. */
final class JsonDisplay implements ClipListener {
  private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(500);

  private final PrintStream out;
  private Set<StepKey> steps = Set.of();
  private long startedNs;
  private long toldNs;

  JsonDisplay(PrintStream out) {
    this.out = out;
  }

  synchronized void write(JsonObject line) {
    out.println(line.encode());
    out.flush();
  }

  @Override
  public synchronized void onStarted(Set<StepKey> begun) {
    steps = begun;
    startedNs = System.nanoTime();
    toldNs = startedNs - INTERVAL_NS;
  }

  @Override
  public synchronized void onProgress(double done, long mediaUs) {
    if (System.nanoTime() - toldNs < INTERVAL_NS) {
      return;
    }
    toldNs = System.nanoTime();
    Duration elapsed = Duration.ofNanos(toldNs - startedNs);
    Duration left = ProgressText.left(done, elapsed);
    JsonArray names = new JsonArray();
    steps.stream().sorted().forEach(step -> names.add(step.wire()));
    JsonObject line =
        new JsonObject()
            .put("type", "progress")
            .put("steps", names)
            .put("percent", Math.round(done * 1000) / 10.0)
            .put("elapsed_ms", elapsed.toMillis());
    if (ProgressText.isThroughMedia(steps) && elapsed.toMillis() > 0) {
      line.put("speed", Math.round(mediaUs / 10.0 / elapsed.toMillis()) / 100.0);
    }
    if (!left.isNegative()) {
      line.put("left_ms", left.toMillis());
    }
    write(line);
  }

  @Override
  public void onEnded(StepRow row, String note, boolean isReused) {
    JsonObject line =
        new JsonObject()
            .put("type", "step")
            .put("step", row.key().wire())
            .put("status", row.status().wire())
            .put("attempt_count", row.attempts())
            .put("reused", isReused);
    row.took().ifPresent(took -> line.put("duration_ms", took.toMillis()));
    row.failure()
        .ifPresent(
            failure ->
                line.put("error_code", failure.code().name())
                    .put("error_message", failure.message()));
    if (!note.isEmpty()) {
      line.put("note", note);
    }
    write(line);
  }

  @Override
  public void onWaiting(Duration wait) {
    write(new JsonObject().put("type", "waiting").put("wait_ms", wait.toMillis()));
  }
}
