package dev.halcyon.verticles.clip;

import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.ClipStatus;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.store.ClipStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.Optional;
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
  sealed interface Outcome {
    /**
     * It, or a newer one, is in the database.
     *
     * @param stored with what people changed meanwhile
     */
    record Written(Clip stored) implements Outcome {}

    /** The database is away; it is tried again each second. */
    record Waiting() implements Outcome {}

    /** It is in the database, but people deleted the clip; they may take it back. */
    record Hidden() implements Outcome {}

    /** The clip is gone for good. */
    record Gone() implements Outcome {}

    /** The database does not take it, now or later. */
    record Refused() implements Outcome {}

    /** Whether the clip's files are wanted. */
    default boolean isKept() {
      return this instanceof Written || this instanceof Waiting || this instanceof Hidden;
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
        .map(either -> write.isComplete() ? write.result() : new Outcome.Waiting());
  }

  /** Clips whose newest state is not in the database. */
  int pending() {
    return unwritten.size();
  }

  private Future<Outcome> attempt(Clip clip) {
    // A window in the past closes at once: what comes after this state may be written before it.
    boolean isFirst = clip.status() == ClipStatus.OPENED;
    Future<Optional<Clip>> written =
        isFirst ? store.insert(clip).map(Optional.of(clip)) : store.update(clip);
    return written.transform(
        result -> {
          isAway = result.failed() && isAbsence(result.cause());
          if (result.succeeded()) {
            unwritten.remove(clip.id(), clip);
            return Future.succeededFuture(outcome(result.result()));
          }
          return isAbsence(result.cause())
              ? later(clip, result.cause())
              : refused(clip, result.cause());
        });
  }

  private static Outcome outcome(Optional<Clip> written) {
    return written
        .<Outcome>map(
            clip -> clip.curation().isDeleted() ? new Outcome.Hidden() : new Outcome.Written(clip))
        .orElseGet(Outcome.Gone::new);
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
                    : Future.succeededFuture(new Outcome.Written(clip)));
  }

  private Future<Outcome> refused(Clip clip, Throwable failure) {
    unwritten.remove(clip.id(), clip);
    log.error("clip's row refused [clip={}, status={}]", clip.id(), clip.status(), failure);
    return Future.succeededFuture(new Outcome.Refused());
  }
}
