package dev.halcyon.verticles.blob.s3;

import dev.halcyon.verticles.blob.s3.LocalEviction.Extent;
import dev.halcyon.verticles.ops.Inspection;
import dev.halcyon.verticles.store.BlobUploads.Totals;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps uploads going, deletes local copies and compares files, bucket and rows from time to time,
 * and tells the operator how it stands.
 */
public final class UploadVerticle extends VerticleBase implements Inspection {
  private static final Logger log = LoggerFactory.getLogger(UploadVerticle.class);
  private static final long EVICTION_EVERY_MS = 60_000;

  private final S3Storage storage;
  private final Duration auditPeriod;
  private WorkerExecutor thread;

  /**
   * @param auditPeriod from one comparison to the next; zero for none but those asked for
   */
  public UploadVerticle(S3Storage storage, Duration auditPeriod) {
    this.storage = storage;
    this.auditPeriod = auditPeriod;
  }

  @Override
  public Future<?> start() {
    thread = vertx.createSharedWorkerExecutor("halcyon-uploads", 1, 1, TimeUnit.HOURS);
    storage.desk().start();
    vertx.setPeriodic(EVICTION_EVERY_MS, tick -> quietly("eviction", this::evictByPolicy));
    if (!auditPeriod.isZero()) {
      vertx.setPeriodic(auditPeriod.toMillis(), tick -> quietly("audit", storage.audit()::run));
    }
    return Future.succeededFuture();
  }

  private int evictByPolicy() throws IOException {
    return storage.eviction().run(Extent.POLICY);
  }

  private void quietly(String what, Callable<?> work) {
    thread
        .executeBlocking(work)
        .onFailure(failure -> log.warn("no {} of stored files: {}", what, failure.getMessage()));
  }

  @Override
  public JsonObject latest() {
    Totals totals = storage.desk().totals();
    Optional<StoreGate.Trouble> trouble = storage.gate().trouble();
    return new JsonObject()
        .put("store", storage.name())
        .put("reachable", trouble.isEmpty())
        .put("trouble", trouble.map(known -> known.fault().getMessage()).orElse(null))
        .put("trouble_kind", trouble.map(known -> known.fault().kind().name()).orElse(null))
        .put("trouble_since", trouble.map(known -> known.since().toString()).orElse(null))
        .put("waiting", totals.waiting())
        .put("waiting_bytes", totals.waitingBytes())
        .put("oldest_at", totals.oldest().map(Instant::toString).orElse(null))
        .put("failing", totals.failing())
        .put("in_hand", storage.hands().inHand().size())
        .put("stored", storage.hands().storedFiles())
        .put("failures", storage.hands().failedTries())
        .put("local_copy_bytes", totals.storedLocalBytes())
        .put("evicted", storage.eviction().evictedFiles());
  }

  /** {@code retry}: what waits, at once; {@code evict}: every local copy; {@code audit}. */
  @Override
  public Future<JsonObject> run(String mode) {
    Future<?> done =
        switch (mode) {
          case "", "retry" ->
              storage
                  .rows()
                  .hurry(storage.nodeId(), storage.clock().now())
                  .onSuccess(
                      hurried -> {
                        storage.gate().hurry();
                        storage.desk().look();
                      });
          case "evict" -> thread.executeBlocking(() -> storage.eviction().run(Extent.ALL));
          case "audit" -> thread.executeBlocking(() -> storage.audit().run());
          default -> Future.failedFuture("mode is one of retry, evict, audit");
        };
    return done.map(any -> latest());
  }

  @Override
  public Future<?> stop() {
    return vertx
        .executeBlocking(
            () -> {
              storage.desk().close();
              return null;
            },
            false)
        .eventually(thread::close);
  }
}
