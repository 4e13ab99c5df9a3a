package dev.halcyon.verticles.clip;

import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.ClipOrigin;
import dev.halcyon.core.event.ClipEvent;
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
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the database and the bus what becomes of streams' clips, and takes back the files of those
 * that were deleted or cannot be kept. Any thread.
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

  /** The clips that are neither ready nor failed. */
  private final Map<UUID, Unsealed> unsealed = new ConcurrentHashMap<>();

  /**
   * @param said what was told of the clip last; its next state is told after that
   */
  private record Unsealed(ClipOrigin origin, Future<?> said) {}

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

  /**
   * Ends when the clip can be found in the store, or without it should the database be away.
   *
   * @param requestedNs when it was asked for, on the clock's {@code nanoTime}
   */
  Future<Clip> opened(Clip clip, long requestedNs) {
    return say(
            clip,
            rows.write(clip),
            outcome -> {
              tell(clip, outcome, ClipEvent.Opened::new);
              metrics.clipOpened(clock.nanoTime() - requestedNs);
            })
        .map(clip);
  }

  /** A clip that an earlier run of the node opened is waited for like those of this one. */
  void resumed(Clip clip) {
    unsealed.put(clip.id(), new Unsealed(clip.origin(), Future.succeededFuture()));
  }

  /**
   * @param requestedNs when it was asked for, on the clock's {@code nanoTime}
   */
  void playable(Clip clip, long requestedNs) {
    say(
        clip,
        rows.write(clip),
        outcome -> {
          tell(clip, outcome, ClipEvent.Playable::new);
          metrics.clipPlayable(clock.nanoTime() - requestedNs);
        });
  }

  /**
   * @param open the clip before it was sealed: what fails should it not be kept
   * @param closedNs when its window closed
   * @param triggerArrivalUs wall clock at which the media that caused it arrived, or 0
   * @return whether the database keeps it; never fails
   */
  Future<Outcome> sealed(Clip open, Clip sealed, long closedNs, long triggerArrivalUs) {
    Future<Outcome> kept = rows.write(sealed);
    say(
            open,
            kept,
            outcome -> {
              switch (outcome) {
                case Outcome.Written(Clip stored) -> ready(stored, closedNs, triggerArrivalUs);
                case Outcome.Waiting() -> ready(sealed, closedNs, triggerArrivalUs);
                case Outcome.Hidden(), Outcome.Gone(), Outcome.Refused() -> {}
              }
            })
        .onSuccess(
            outcome -> {
              if (!(outcome instanceof Outcome.Refused)) {
                unsealed.remove(open.id());
              }
            });
    return kept.onSuccess(outcome -> settle(open, outcome));
  }

  /** Tells what became of a clip, after what came before, and soon. */
  private synchronized Future<Outcome> say(
      Clip clip, Future<Outcome> written, Consumer<Outcome> tell) {
    Unsealed before = unsealed.get(clip.id());
    Future<?> said = before == null ? Future.succeededFuture() : before.said();
    Future<Outcome> soon = rows.soon(written);
    Future<Outcome> next = said.transform(done -> soon).onSuccess(tell::accept);
    unsealed.put(clip.id(), new Unsealed(clip.origin(), next));
    return next;
  }

  /** One kind of news about a clip. */
  private interface News {
    Record of(Clip clip, Instant at);
  }

  private void tell(Clip clip, Outcome outcome, News news) {
    switch (outcome) {
      case Outcome.Written(Clip stored) -> publish(stored, news);
      // Gone: a later state of a short clip may be in the database already.
      case Outcome.Waiting(), Outcome.Refused(), Outcome.Gone() -> publish(clip, news);
      case Outcome.Hidden() -> {}
    }
  }

  private void publish(Clip clip, News news) {
    bus.publish(Addresses.CLIP_EVENT, news.of(clip, Instant.now()));
  }

  /** What is not kept leaves no files. */
  private void settle(Clip open, Outcome outcome) {
    switch (outcome) {
      case Outcome.Written(Clip stored) -> {}
      case Outcome.Waiting(), Outcome.Hidden() -> {}
      case Outcome.Gone() -> discard(open);
      case Outcome.Refused() -> {
        discard(open);
        failed(open, "the clip could not be kept");
      }
    }
  }

  private void ready(Clip sealed, long closedNs, long triggerArrivalUs) {
    publish(sealed, ClipEvent.Ready::new);
    streams
        .countClip(sealed.origin().id())
        .onFailure(failure -> log.warn("clip not counted: {}", failure.getMessage()));
    metrics.clipAnnounced(clock.nanoTime() - closedNs);
    if (triggerArrivalUs > 0) {
      metrics.endToEnd(clock.wallUs() - triggerArrivalUs);
    }
  }

  /**
   * Follows a poster that is being made: one of a clip that is gone is taken back, and one that
   * cannot be made is not promised any longer.
   *
   * @param withoutPoster the sealed clip as it is then
   */
  void poster(Future<Void> made, Future<Outcome> kept, Clip withoutPoster) {
    made.onSuccess(
            done ->
                kept.compose(outcome -> clips.isKept(withoutPoster.id()))
                    .onSuccess(isKept -> discardUnless(isKept, withoutPoster)))
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

  private void discardUnless(boolean isKept, Clip clip) {
    if (!isKept) {
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

  /** Ends when it is known what the database says of it; never fails. */
  Future<Outcome> failed(Clip clip, String why) {
    Clip failed = clip.failed(why);
    Future<Outcome> kept = rows.write(failed);
    say(
            failed,
            kept,
            outcome -> {
              switch (outcome) {
                case Outcome.Written(Clip stored) -> tellFailed(stored);
                case Outcome.Waiting(), Outcome.Refused() -> tellFailed(failed);
                case Outcome.Hidden(), Outcome.Gone() -> {}
              }
            })
        .onSuccess(told -> unsealed.remove(failed.id()));
    return kept;
  }

  private void tellFailed(Clip failed) {
    publish(failed, ClipEvent.Failed::new);
    metrics.clipFailed();
  }

  /** Of a clip that is gone for good before it was made nothing more is told. */
  void abandoned(Clip clip) {
    unsealed.remove(clip.id());
  }

  /** Whether every clip is announced or failed, and written. */
  boolean isDrained() {
    return unsealed.isEmpty() && rows.pending() == 0;
  }

  /** Whether every clip of one stream is announced or failed. */
  boolean isDrained(UUID streamId) {
    return unsealed.values().stream().noneMatch(clip -> clip.origin().id().equals(streamId));
  }
}
