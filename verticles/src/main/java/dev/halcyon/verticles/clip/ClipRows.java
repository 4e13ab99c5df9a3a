package dev.halcyon.verticles.clip;

import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.ClipStatus;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.store.ClipStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes clips' rows and keeps trying while the database is away, so that a clip can be announced
 * without it. Any thread.
 */
final class ClipRows {
  private static final Logger log = LoggerFactory.getLogger(ClipRows.class);

  /** What an announcement waits for a database that answered the last time … */
  private static final long PATIENCE_MS = 250;

  /** … and for one that did not. */
  private static final long PATIENCE_WHILE_AWAY_MS = 50;

  private static final long RETRY_MS = 1_000;

  /** What became of a clip's state. */
  enum Outcome {
    /** It, or a newer one, is in the database. */
    WRITTEN,
    /** The database is away; it is tried again each second. */
    WAITING,
    /** The clip was deleted in the meantime. */
    DELETED,
    /** The database does not take it, now or later. */
    REFUSED;

    boolean isKept() {
      return this == WRITTEN || this == WAITING;
    }
  }

  private final Vertx vertx;
  private final ClipStore store;
  private final Map<UUID, Clip> unwritten = new ConcurrentHashMap<>();
  private volatile boolean isAway;

  ClipRows(Vertx vertx, ClipStore store) {
    this.vertx = vertx;
    this.store = store;
  }

  /** Writes the clip's present state. Ends with what became of it at last; never fails. */
  Future<Outcome> write(Clip clip) {
    unwritten.put(clip.id(), clip);
    return attempt(clip);
  }

  /**
   * What is known of a write soon: a slow database is waited for a little, so that who hears of a
   * clip finds it; one that is away hardly.
   */
  Future<Outcome> soon(Future<Outcome> write) {
    return Future.any(write, vertx.timer(isAway ? PATIENCE_WHILE_AWAY_MS : PATIENCE_MS))
        .map(either -> write.isComplete() ? write.result() : Outcome.WAITING);
  }

  /** Clips whose newest state is not in the database. */
  int pending() {
    return unwritten.size();
  }

  private Future<Outcome> attempt(Clip clip) {
    // A window in the past closes at once: what comes after this state may be written before it.
    boolean isFirst = clip.status() == ClipStatus.OPENED;
    Future<Boolean> written = isFirst ? store.insert(clip).map(true) : store.update(clip);
    return written.transform(
        result -> {
          isAway = result.failed() && isAbsence(result.cause());
          if (result.succeeded()) {
            unwritten.remove(clip.id(), clip);
            return Future.succeededFuture(result.result() ? Outcome.WRITTEN : Outcome.DELETED);
          }
          return isAbsence(result.cause())
              ? later(clip, result.cause())
              : refused(clip, result.cause());
        });
  }

  private static boolean isAbsence(Throwable failure) {
    return failure instanceof HalcyonException known
        && known.code() == ErrorCode.DATABASE_UNAVAILABLE;
  }

  private Future<Outcome> later(Clip clip, Throwable failure) {
    log.warn("clip's row waits [clip={}]: {}", clip.id(), failure.getMessage());
    return vertx
        .timer(RETRY_MS)
        .compose(
            tick ->
                clip.equals(unwritten.get(clip.id()))
                    ? attempt(clip)
                    : Future.succeededFuture(Outcome.WRITTEN));
  }

  private Future<Outcome> refused(Clip clip, Throwable failure) {
    unwritten.remove(clip.id(), clip);
    log.error("clip's row refused [clip={}, status={}]", clip.id(), clip.status(), failure);
    return Future.succeededFuture(Outcome.REFUSED);
  }
}
