package dev.halcyon.verticles.clip;

import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.ClipExtended;
import dev.halcyon.core.clip.ClipRequested;
import dev.halcyon.core.event.ClipEvent;
import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.bus.Addresses;
import dev.halcyon.verticles.bus.Bus;
import dev.halcyon.verticles.store.ClipStore;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.concurrent.TimeUnit;

/** Answers requests for clips on the bus and, at the start, takes up what was left open. */
public final class ClipVerticle extends VerticleBase {
  private static final long DRAIN_S = 10;

  private final ClipMaker maker;
  private final ClipStore clips;

  /**
   * @param maker closed by this verticle's stop
   */
  public ClipVerticle(ClipMaker maker, ClipStore clips) {
    this.maker = maker;
    this.clips = clips;
  }

  @Override
  public Future<?> start() {
    Bus bus = Bus.of(vertx);
    bus.<ClipRequested, Clip>onRequest(Addresses.CLIP_REQUEST, maker::request);
    bus.<ClipExtended>onFact(Addresses.CLIP_EXTEND, maker::extend);
    bus.<ClipEvent>onFact(Addresses.CLIP_EVENT, this::onEvent);
    return clips.unfinished().onSuccess(left -> left.forEach(maker::resume));
  }

  private void onEvent(ClipEvent event) {
    switch (event) {
      case ClipEvent.Deleted deleted -> maker.delete(deleted.clipId(), deleted.isForGood());
      case ClipEvent.Updated updated -> maker.restore(updated.clip().id());
      default -> {}
    }
  }

  @Override
  public Future<?> stop() {
    long deadlineNs = Clock.system().nanoTime() + TimeUnit.SECONDS.toNanos(DRAIN_S);
    return maker
        .drain(deadlineNs)
        .compose(
            drained ->
                vertx.executeBlocking(
                    () -> {
                      maker.close();
                      return null;
                    },
                    false));
  }
}
