package dev.halcyon.verticles.clip;

import dev.halcyon.codecs.cut.CutResult;
import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.ClipVersion;
import dev.halcyon.core.clip.CutContract;
import dev.halcyon.core.clip.CutLatency;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Track;
import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.blob.BlobKey;
import dev.halcyon.verticles.blob.BlobStore;
import dev.halcyon.verticles.clip.ClipRows.Outcome;
import dev.halcyon.verticles.ops.Metrics;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns cuts into sealed clips, or into failed ones. Any thread. */
final class ClipSealer implements ClipCutters.Outcome {
  private static final Logger log = LoggerFactory.getLogger(ClipSealer.class);

  private final OpenClips open;
  private final Continuation continuation;
  private final ClipAnnouncer announcer;
  private final PosterDesk posters;
  private final BlobStore blobs;
  private final Metrics metrics;
  private final Clock clock;

  /** Makes what a clip's file does not go on to. Called on a cutting thread. */
  interface Continuation {
    /**
     * @param epoch the first one that is missing
     * @param deliveredEndUs where the file ends
     */
    void goOn(OpenClip made, int epoch, long deliveredEndUs);
  }

  ClipSealer(
      OpenClips open,
      Continuation continuation,
      ClipAnnouncer announcer,
      PosterDesk posters,
      BlobStore blobs,
      Metrics metrics,
      Clock clock) {
    this.open = open;
    this.continuation = continuation;
    this.announcer = announcer;
    this.posters = posters;
    this.blobs = blobs;
    this.metrics = metrics;
    this.clock = clock;
  }

  @Override
  public void failed(OpenClip clip, Throwable why) {
    if (clip.isAbandoned()) {
      return;
    }
    log.warn("clip not made [clip={}, stream={}]", clip.clip().id(), clip.stream().id(), why);
    Clip before = clip.clip();
    clip.become(before.failed(reason(why)));
    announcer.failed(before, reason(why)).onSuccess(known -> open.done(clip));
  }

  /** For people, with the code that programs can tell failures by. */
  private static String reason(Throwable why) {
    return switch (why) {
      case HalcyonException stated -> stated.code() + ": " + stated.getMessage();
      case Error broken -> "the server could not read the ring";
      default -> String.valueOf(why.getMessage());
    };
  }

  @Override
  public void made(OpenClip clip, BlobKey key, CutResult result, long closedNs) {
    if (clip.wasRevoked()) {
      metrics.clipLeaseRevoked();
    }
    result
        .nextEpoch()
        .ifPresent(epoch -> continuation.goOn(clip, epoch, result.contract().deliveredEndUs()));
    clip.release();
    CutContract contract = result.contract().after(latency(clip, closedNs));
    ClipVersion version =
        new ClipVersion(
            1,
            ClipVersion.Kind.INSTANT,
            result.container(),
            key.text(),
            result.sizeBytes(),
            contract);
    Clip before = clip.clip();
    Clip bare = before.sealed(version, Optional.empty());
    if (result.tracks().stream().noneMatch(Track::isVideo)) {
      seal(clip, before, bare, closedNs).onSuccess(told -> posters.force(key));
      return;
    }
    BlobKey poster = BlobKey.fresh(before.workspaceId(), before.id(), "jpg");
    Clip sealed = before.sealed(version, Optional.of(poster.text()));
    Future<Outcome> kept = seal(clip, before, sealed, closedNs);
    OptionalLong momentUs =
        before.momentUs().stream().map(us -> us - contract.deliveredStartUs()).findFirst();
    kept.onSuccess(told -> posters.force(key));
    announcer.poster(posters.make(blobs.fileOf(key), momentUs, poster), kept, bare);
  }

  private Future<Outcome> seal(OpenClip clip, Clip before, Clip sealed, long closedNs) {
    clip.become(sealed);
    return announcer
        .sealed(before, sealed, closedNs, clip.trigger().arrivalUs())
        .onSuccess(known -> open.done(clip));
  }

  private CutLatency latency(OpenClip clip, long closedNs) {
    long triggerUs = clip.trigger().arrivalUs();
    return new CutLatency(
        triggerUs > 0 ? OptionalLong.of(clock.wallUs() - triggerUs) : OptionalLong.empty(),
        OptionalLong.of((clock.nanoTime() - closedNs) / 1_000));
  }
}
