package dev.halcyon.verticles.clip;

import dev.halcyon.core.event.ClipEvent;
import dev.halcyon.verticles.bus.Addresses;
import dev.halcyon.verticles.bus.Bus;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what keeps clips in order, one task after the other, over and over; and soon after a clip
 * was deleted when that is for good at once.
 */
public final class HousekeepingVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(HousekeepingVerticle.class);

  private final List<Supplier<Future<Void>>> tasks;
  private final Duration period;
  private Future<Void> round = Future.succeededFuture();
  private boolean isAskedAgain;
  private boolean isStopped;

  /**
   * @param period from the end of one round to the start of the next
   */
  public HousekeepingVerticle(List<Supplier<Future<Void>>> tasks, Duration period) {
    this.tasks = List.copyOf(tasks);
    this.period = period;
  }

  @Override
  public Future<?> start() {
    Bus.of(vertx).onFact(Addresses.CLIP_EVENT, this::onFact);
    vertx.setPeriodic(period.toMillis(), tick -> begin());
    begin();
    return Future.succeededFuture();
  }

  private void onFact(ClipEvent event) {
    if (event instanceof ClipEvent.Deleted deleted && deleted.isForGood()) {
      begin();
    }
  }

  /** Begins a round, or has one follow when one is going on. */
  private void begin() {
    if (isStopped) {
      return;
    }
    if (!round.isComplete()) {
      isAskedAgain = true;
      return;
    }
    round = Future.succeededFuture();
    for (Supplier<Future<Void>> task : tasks) {
      round = round.compose(done -> attempt(task));
    }
    round.onComplete(
        done -> {
          if (isAskedAgain) {
            isAskedAgain = false;
            begin();
          }
        });
  }

  private static Future<Void> attempt(Supplier<Future<Void>> task) {
    Future<Void> run;
    try {
      run = task.get();
    } catch (RuntimeException failure) {
      run = Future.failedFuture(failure);
    }
    return run.otherwise(
        failure -> {
          log.warn("housekeeping will be tried again: {}", String.valueOf(failure.getMessage()));
          return null;
        });
  }

  @Override
  public Future<?> stop() {
    isStopped = true;
    return round;
  }
}
