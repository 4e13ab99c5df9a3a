package dev.halcyon.verticles.clip;

import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.event.StreamEvent;
import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.blob.BlobStore;
import dev.halcyon.verticles.bus.Addresses;
import dev.halcyon.verticles.bus.Bus;
import dev.halcyon.verticles.clip.ClipRows.Outcome;
import dev.halcyon.verticles.ops.Metrics;
import dev.halcyon.verticles.store.ClipStore;
import dev.halcyon.verticles.store.StreamStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the database and the bus what becomes of clips, and takes back the files of those that were
 * deleted or cannot be kept. Any thread.
 */
final class ClipAnnouncer {
  private static final Logger log = LoggerFactory.getLogger(ClipAnnouncer.class);

  private final Vertx vertx;
  private final Bus bus;
  private final StreamStore streams;
  private final ClipStore clips;
  private final ClipRows rows;
  private final BlobStore blobs;
  private final Metrics metrics;
  private final Clock clock;

  /** The streams of clips that are neither announced nor failed, by the clips' ids. */
  private final Map<UUID, UUID> unsealed = new ConcurrentHashMap<>();

  ClipAnnouncer(
      Vertx vertx,
      StreamStore streams,
      ClipStore clips,
      BlobStore blobs,
      Metrics metrics,
      Clock clock) {
    this.vertx = vertx;
    this.bus = Bus.of(vertx);
    this.streams = streams;
    this.clips = clips;
    this.rows = new ClipRows(vertx, clips);
    this.blobs = blobs;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** Ends when the clip can be found in the store, or without it should the database be away. */
  Future<Clip> opened(Clip clip) {
    resumed(clip);
    Future<Outcome> written = rows.write(clip);
    bus.publish(
        Addresses.STREAM_EVENT,
        new StreamEvent.ClipOpened(clip.workspaceId(), clip.streamId(), Instant.now(), clip));
    return rows.soon(written).map(clip);
  }

  /** A clip that an earlier run of the node opened is waited for like those of this one. */
  void resumed(Clip clip) {
    unsealed.put(clip.id(), clip.streamId());
  }

  /**
   * @param open the clip before it was sealed: what fails should it not be kept
   * @param closedNs when its window closed
   * @param triggerArrivalUs wall clock at which the media that caused it arrived, or 0
   * @return whether the database keeps it; never fails
   */
  Future<Outcome> sealed(Clip open, Clip sealed, long closedNs, long triggerArrivalUs) {
    Future<Outcome> kept = rows.write(sealed);
    rows.soon(kept)
        .onSuccess(
            outcome -> {
              if (outcome.isKept()) {
                ready(sealed);
                metrics.clipAnnounced(clock.nanoTime() - closedNs);
                if (triggerArrivalUs > 0) {
                  metrics.endToEnd(clock.wallUs() - triggerArrivalUs);
                }
              }
            });
    return kept.onSuccess(
        outcome -> {
          if (outcome == Outcome.DELETED) {
            unsealed.remove(open.id());
            discard(open);
          } else if (outcome == Outcome.REFUSED) {
            discard(open);
            failed(open, "the clip could not be kept");
          }
        });
  }

  private void ready(Clip sealed) {
    bus.publish(
        Addresses.STREAM_EVENT,
        new StreamEvent.ClipReady(sealed.workspaceId(), sealed.streamId(), Instant.now(), sealed));
    unsealed.remove(sealed.id());
    streams
        .countClip(sealed.streamId())
        .onFailure(failure -> log.warn("clip not counted: {}", failure.getMessage()));
  }

  /**
   * Follows a poster that is being made: one of a deleted clip is taken back, and one that cannot
   * be made is not promised any longer.
   *
   * @param withoutPoster the sealed clip as it is then
   */
  void poster(Future<Void> made, Future<Outcome> kept, Clip withoutPoster) {
    made.onSuccess(
            done ->
                kept.compose(outcome -> clips.any(withoutPoster.id()))
                    .onSuccess(found -> discardUnless(found, withoutPoster)))
        .onFailure(
            failure -> {
              log.warn("no poster [clip={}]", withoutPoster.id(), failure);
              kept.onSuccess(
                  outcome -> {
                    if (outcome.isKept()) {
                      rows.write(withoutPoster);
                    }
                  });
            });
  }

  private void discardUnless(Optional<Clip> found, Clip clip) {
    if (found.isEmpty()) {
      discard(clip);
    }
  }

  private void discard(Clip clip) {
    Callable<Void> deletion =
        () -> {
          blobs.deleteClip(clip.workspaceId(), clip.id());
          return null;
        };
    vertx
        .executeBlocking(deletion, false)
        .onFailure(failure -> log.warn("files stay [clip={}]", clip.id(), failure));
  }

  void failed(Clip clip, String why) {
    Clip failed = clip.failed(why);
    rows.soon(rows.write(failed))
        .onSuccess(
            outcome -> {
              if (outcome != Outcome.DELETED) {
                bus.publish(
                    Addresses.STREAM_EVENT,
                    new StreamEvent.ClipFailed(
                        failed.workspaceId(), failed.streamId(), Instant.now(), failed));
                metrics.clipFailed();
              }
              unsealed.remove(failed.id());
            });
  }

  /** Whether every clip is announced or failed, and written. */
  boolean isDrained() {
    return unsealed.isEmpty() && rows.pending() == 0;
  }

  /** Whether every clip of one stream is announced or failed. */
  boolean isDrained(UUID streamId) {
    return !unsealed.containsValue(streamId);
  }
}
