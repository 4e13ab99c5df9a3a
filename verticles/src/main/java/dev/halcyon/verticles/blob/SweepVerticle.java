package dev.halcyon.verticles.blob;

import dev.halcyon.verticles.blob.BlobSweep.Mode;
import dev.halcyon.verticles.ops.Inspection;
import dev.halcyon.verticles.ops.Metrics;
import dev.halcyon.verticles.ops.Metrics.BlobFault;
import dev.halcyon.verticles.ops.Readiness;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.ToLongFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sweeps the blob store over and over on a thread of its own, and when the operator asks. */
public final class SweepVerticle extends VerticleBase implements Inspection {
  private static final Logger log = LoggerFactory.getLogger(SweepVerticle.class);
  private static final String CAUTION = "blobs";

  private final BlobSweep sweep;
  private final Duration period;
  private final Readiness readiness;
  private final AtomicReference<Optional<SweepReport>> latest =
      new AtomicReference<>(Optional.empty());
  private final AtomicLong repairs = new AtomicLong();
  private WorkerExecutor thread;

  /**
   * @param period from one sweep to the next; zero for none but those asked for
   */
  public SweepVerticle(BlobSweep sweep, Duration period, Readiness readiness, Metrics metrics) {
    this.sweep = sweep;
    this.period = period;
    this.readiness = readiness;
    metrics.blobFaults(BlobFault.ORPHAN, () -> found(SweepReport::orphans));
    metrics.blobFaults(BlobFault.LOST, () -> found(SweepReport::lost));
    metrics.blobFaults(BlobFault.DAMAGED, () -> found(SweepReport::damaged));
    metrics.blobRepairs(repairs::get);
  }

  private long found(ToLongFunction<SweepReport> count) {
    return latest.get().map(count::applyAsLong).orElse(0L);
  }

  @Override
  public Future<?> start() {
    thread = vertx.createSharedWorkerExecutor("halcyon-sweep", 1, 1, TimeUnit.HOURS);
    if (!period.isZero()) {
      vertx.setPeriodic(period.toMillis(), tick -> run(Mode.REPAIR));
    }
    return Future.succeededFuture();
  }

  @Override
  public JsonObject latest() {
    return latest
        .get()
        .map(SweepVerticle::json)
        .orElseGet(() -> new JsonObject().put("started_at", null));
  }

  @Override
  public Future<JsonObject> run(String mode) {
    Optional<Mode> known =
        mode.isEmpty()
            ? Optional.of(Mode.REPORT)
            : Arrays.stream(Mode.values()).filter(one -> wire(one).equals(mode)).findFirst();
    return known.isEmpty()
        ? Future.failedFuture("mode is one of report, repair, repair_whatever_is_found")
        : run(known.get()).map(SweepVerticle::json);
  }

  private static String wire(Mode mode) {
    return mode.name().toLowerCase(Locale.ROOT);
  }

  /** One after the other. */
  private Future<SweepReport> run(Mode mode) {
    return thread
        .executeBlocking(() -> sweep.run(mode))
        .onSuccess(
            report -> {
              latest.set(Optional.of(report));
              repairs.addAndGet(report.repaired());
              report
                  .halted()
                  .ifPresentOrElse(
                      why -> readiness.caution(CAUTION, why), () -> readiness.settle(CAUTION));
            })
        .onFailure(failure -> log.warn("no sweep: {}", failure.getMessage()));
  }

  private static JsonObject json(SweepReport report) {
    return new JsonObject()
        .put("started_at", report.startedAt().toString())
        .put("duration_ms", report.duration().toMillis())
        .put("files", report.files())
        .put("file_bytes", report.fileBytes())
        .put("references", report.references())
        .put("orphans", report.orphans())
        .put("orphan_bytes", report.orphanBytes())
        .put("lost", report.lost())
        .put("damaged", report.damaged())
        .put("recovered", report.recovered())
        .put("foreign", report.foreign())
        .put("young", report.young())
        .put("repaired", report.repaired())
        .put("dropped", report.dropped())
        .put("halted", report.halted().orElse(null));
  }

  @Override
  public Future<?> stop() {
    return thread.close();
  }
}
