package dev.halcyon.verticles.inference;

import dev.halcyon.codecs.model.BatchModel;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One family of models: opens its model, hands it to its queue, and takes it away again. A model
 * that cannot be opened stays off, with the reason in its queue's state; that is no failure of the
 * start.
 */
public final class InferenceVerticle<Q, A> extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(InferenceVerticle.class);

  private final ModelQueue<Q, A> queue;
  private final Supplier<BatchModel<Q, A>> opening;
  private final AtomicBoolean isLoading = new AtomicBoolean();

  /**
   * @param queue closed with this verticle
   * @param opening blocks; fails with a reason for people
   */
  public InferenceVerticle(ModelQueue<Q, A> queue, Supplier<BatchModel<Q, A>> opening) {
    this.queue = queue;
    this.opening = opening;
  }

  @Override
  public Future<?> start() {
    return reload();
  }

  /**
   * Opens the model anew, as it is on the disk now, and puts it in place of the one before; that
   * one works on until then, and for good when the new one cannot be opened. Any thread.
   */
  public Future<Void> reload() {
    if (!isLoading.compareAndSet(false, true)) {
      return Future.succeededFuture();
    }
    Callable<Void> loading =
        () -> {
          load();
          return null;
        };
    return vertx.executeBlocking(loading, false).onComplete(done -> isLoading.set(false));
  }

  private void load() {
    BatchModel<Q, A> model;
    try {
      model = opening.get();
    } catch (RuntimeException failure) {
      String why = String.valueOf(failure.getMessage());
      if (queue.isUp()) {
        log.warn("model not taken anew, the one before goes on [model={}]: {}", queue.name(), why);
      } else {
        log.info("model off [model={}]: {}", queue.name(), why);
        queue.shut(why);
      }
      return;
    }
    try {
      tryOut(model);
    } catch (RuntimeException failure) {
      model.close();
      queue.shut("it failed when it was tried: " + failure.getMessage());
      return;
    }
    queue.open(model);
    log.info("model on [model={}, maxBatch={}]", queue.name(), model.maxBatch());
  }

  /** So that the first request is served warm, and the capacity is known before it. */
  private void tryOut(BatchModel<Q, A> model) {
    for (int round = 0; round < 3; round++) {
      for (int size = 1; size <= model.maxBatch(); size += Math.max(1, model.maxBatch() - 1)) {
        long startNs = System.nanoTime();
        model.compute(Collections.nCopies(size, model.sample()));
        long ns = System.nanoTime() - startNs;
        if (round > 0) {
          queue.learn(size, ns);
        }
      }
    }
  }

  @Override
  public Future<?> stop() {
    Callable<Void> closing =
        () -> {
          queue.close();
          return null;
        };
    return vertx.executeBlocking(closing, false);
  }
}
