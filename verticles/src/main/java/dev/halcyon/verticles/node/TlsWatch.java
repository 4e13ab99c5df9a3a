package dev.halcyon.verticles.node;

import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.ops.Readiness;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.Callable;

/** Looks after the certificate while the node runs, and tells when it is about to expire. */
final class TlsWatch {
  /** Files that are renewed by hand or by a tool are in use so soon. */
  static final long LOOK_MS = 5_000;

  /** Tools renew a month before the end, so that something is wrong by then. */
  private static final Duration SOON = Duration.ofDays(14);

  private static final String CAUTION = "tls";

  private final Vertx vertx;
  private final TlsFiles files;
  private final Readiness readiness;
  private final Clock clock;
  private final long timer;

  private TlsWatch(Vertx vertx, TlsFiles files, Readiness readiness, Clock clock) {
    this.vertx = vertx;
    this.files = files;
    this.readiness = readiness;
    this.clock = clock;
    this.timer = vertx.setPeriodic(LOOK_MS, tick -> look());
  }

  /** Begins to watch, until {@link #close}. */
  static TlsWatch begin(
      Vertx vertx, TlsFiles files, Readiness readiness, MeterRegistry registry, Clock clock) {
    TlsWatch watch = new TlsWatch(vertx, files, readiness, clock);
    Gauge.builder("halcyon.tls.expiry.seconds", watch, TlsWatch::leftS)
        .description("Until the certificate expires; negative afterwards")
        .strongReference(true)
        .register(registry);
    watch.tell();
    return watch;
  }

  private double leftS() {
    return left().toMillis() / 1e3;
  }

  private Duration left() {
    return Duration.between(clock.now(), files.expiry());
  }

  private void look() {
    Callable<Void> looking =
        () -> {
          files.look();
          return null;
        };
    vertx.executeBlocking(looking, true).onSuccess(looked -> tell());
  }

  private void tell() {
    if (files.trouble().isPresent()) {
      readiness.caution(CAUTION, "the certificate stays as it was: " + files.trouble().get());
    } else if (left().compareTo(SOON) < 0) {
      readiness.caution(CAUTION, "the certificate of tls.cert expires on " + files.expiry());
    } else {
      readiness.settle(CAUTION);
    }
  }

  Future<Void> close() {
    vertx.cancelTimer(timer);
    return Future.succeededFuture();
  }
}
