package dev.halcyon.verticles.clip;

import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.ClipStatus;
import dev.halcyon.verticles.store.ClipStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes clips' rows and keeps trying while the database is away: a clip is announced without
 * waiting for it longer than {@value #PATIENCE_MS} ms. Any thread.
 */
final class ClipRows {
  private static final Logger log = LoggerFactory.getLogger(ClipRows.class);

  static final long PATIENCE_MS = 50;
  private static final long RETRY_MS = 1_000;

  private final Vertx vertx;
  private final ClipStore store;
  private final Map<UUID, Clip> unwritten = new ConcurrentHashMap<>();

  ClipRows(Vertx vertx, ClipStore store) {
    this.vertx = vertx;
    this.store = store;
  }

  /** Writes the clip's present state; ends when that is done, or when patience is over. */
  Future<Void> write(Clip clip) {
    unwritten.put(clip.id(), clip);
    Future<Void> written = attempt(clip);
    return Future.any(written, vertx.timer(PATIENCE_MS)).<Void>mapEmpty().otherwiseEmpty();
  }

  /** Clips whose newest state is not in the database. */
  int pending() {
    return unwritten.size();
  }

  private Future<Void> attempt(Clip clip) {
    // A window in the past closes at once: what comes after this state may be written before it.
    boolean isFirst = clip.status() == ClipStatus.OPENED;
    return (isFirst ? store.insert(clip) : store.update(clip))
        .onSuccess(done -> unwritten.remove(clip.id(), clip))
        .onFailure(
            failure -> {
              log.warn("clip's row waits [clip={}]: {}", clip.id(), failure.getMessage());
              vertx.setTimer(RETRY_MS, tick -> retry(clip));
            });
  }

  private void retry(Clip clip) {
    if (clip.equals(unwritten.get(clip.id()))) {
      attempt(clip);
    }
  }
}
