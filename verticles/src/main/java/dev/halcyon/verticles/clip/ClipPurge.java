package dev.halcyon.verticles.clip;

import dev.halcyon.core.clip.ClipPolicy;
import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.blob.BlobStore;
import dev.halcyon.verticles.blob.StoreFault;
import dev.halcyon.verticles.store.ClipPurges;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes away deleted clips that cannot be taken back any more: files first, then the row's content.
 * What fails is tried again by the next run. Any thread.
 */
public final class ClipPurge {
  private static final Logger log = LoggerFactory.getLogger(ClipPurge.class);
  private static final int BATCH = 100;

  /** Longer than any write of a clip's state waits for the database. */
  private static final Duration TOMBSTONE = Duration.ofDays(7);

  private final Vertx vertx;
  private final ClipPurges clips;
  private final BlobStore blobs;
  private final ClipPolicy policy;
  private final Clock clock;

  public ClipPurge(Vertx vertx, ClipPurges clips, BlobStore blobs, ClipPolicy policy, Clock clock) {
    this.vertx = vertx;
    this.clips = clips;
    this.blobs = blobs;
    this.policy = policy;
    this.clock = clock;
  }

  /** Purges what is due; ends when a batch of files could not be deleted or none is left. */
  public Future<Void> run() {
    Instant now = clock.now();
    return clips
        .purge(now.minus(policy.undo()), now, BATCH)
        .compose(decided -> clips.withFiles(BATCH))
        .compose(
            purged ->
                empty(purged.iterator(), 0)
                    .compose(
                        emptied -> purged.size() == BATCH && emptied == BATCH ? run() : forget()));
  }

  /** One after the other: a purge is in no hurry. */
  private Future<Integer> empty(Iterator<ClipPurges.Purged> purged, int emptied) {
    if (!purged.hasNext()) {
      return Future.succeededFuture(emptied);
    }
    ClipPurges.Purged clip = purged.next();
    Callable<Void> deletion =
        () -> {
          blobs.deleteClip(clip.workspaceId(), clip.id());
          return null;
        };
    return vertx
        .executeBlocking(deletion, false)
        .compose(deleted -> clips.emptied(clip.id(), clock.now()))
        .transform(
            done ->
                done.succeeded()
                    ? empty(purged, emptied + 1)
                    : stays(clip, done.cause())
                        ? empty(purged, emptied)
                        : Future.succeededFuture(emptied));
  }

  /**
   * @return whether it may be otherwise with the next clip
   */
  private static boolean stays(ClipPurges.Purged clip, Throwable failure) {
    if (failure instanceof StoreFault fault && fault.isOfWholeStore()) {
      log.warn("files of deleted clips stay until later: {}", fault.getMessage());
      return false;
    }
    log.warn("files of a deleted clip stay [clip={}]", clip.id(), failure);
    return true;
  }

  private Future<Void> forget() {
    return clips.forget(clock.now().minus(TOMBSTONE));
  }
}
