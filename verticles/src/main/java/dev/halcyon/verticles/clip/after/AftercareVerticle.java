package dev.halcyon.verticles.clip.after;

import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.ClipVersion;
import dev.halcyon.core.clip.MakeExact;
import dev.halcyon.core.clip.derive.DeriveFile;
import dev.halcyon.core.clip.derive.DerivedFile;
import dev.halcyon.core.clip.derive.DerivedForm;
import dev.halcyon.core.clip.verify.ClipVerified;
import dev.halcyon.core.clip.verify.VerifyClip;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.event.ClipEvent;
import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.blob.BlobStore;
import dev.halcyon.verticles.bus.Addresses;
import dev.halcyon.verticles.bus.Bus;
import dev.halcyon.verticles.clip.ClipRoom;
import dev.halcyon.verticles.ops.Metrics;
import dev.halcyon.verticles.store.ClipStore;
import dev.halcyon.verticles.store.DerivedStore;
import dev.halcyon.verticles.store.ExactVersions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is made of clips and asked of them once they are sealed: answers on the bus, and does by
 * itself what the options say. Nothing here can hold up a live stream or a clip.
 */
public final class AftercareVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(AftercareVerticle.class);

  /** Less than the bus waits; who asked is told to come back. */
  private static final long PATIENCE_MS = 8_000;

  /** Asked for by somebody: few may wait, or all wait long. */
  private static final int MAX_WAITING = 32;

  private static final int MAX_OF_WORKSPACE = 8;

  /** Done by itself: one after the other, whenever there is time. */
  private static final int MAX_WAITING_BEHIND = 1_000;

  private final ClipStore clips;
  private final Metrics metrics;
  private final AftercareOptions options;
  private final ClipVerifier verifier;
  private final BlobStore blobs;
  private final ExactVersions exactVersions;
  private final ClipRoom room;
  private final Clock clock;
  private final DerivedMaker maker;
  private final WorkDesk desk;
  private final WorkDesk behind;

  public AftercareVerticle(
      ClipStore clips,
      ExactVersions exactVersions,
      DerivedStore derived,
      BlobStore blobs,
      ClipRoom room,
      Metrics metrics,
      Clock clock,
      AftercareOptions options) {
    this.clips = clips;
    this.blobs = blobs;
    this.exactVersions = exactVersions;
    this.room = room;
    this.clock = clock;
    this.metrics = metrics;
    this.options = options;
    this.verifier = new ClipVerifier(blobs, metrics, clock);
    this.maker = new DerivedMaker(derived, blobs, room, metrics, clock);
    this.desk = new WorkDesk("clip-desk", options.threads(), MAX_WAITING, MAX_OF_WORKSPACE);
    this.behind = new WorkDesk("clip-behind", 1, MAX_WAITING_BEHIND, MAX_WAITING_BEHIND);
  }

  @Override
  public Future<?> start() {
    Bus bus = Bus.of(vertx);
    ExactMaker exact = new ExactMaker(exactVersions, clips, blobs, room, metrics, bus, clock);
    bus.<MakeExact, ClipVersion>onRequest(Addresses.CLIP_EXACT, request -> exact(exact, request));
    bus.<VerifyClip, ClipVerified>onRequest(Addresses.CLIP_VERIFY, this::verify);
    bus.<DeriveFile, DerivedFile>onRequest(Addresses.CLIP_DERIVE, this::derive);
    bus.<ClipEvent>onFact(Addresses.CLIP_EVENT, this::onEvent);
    return Future.succeededFuture();
  }

  private void onEvent(ClipEvent event) {
    switch (event) {
      case ClipEvent.Ready(Clip clip, Instant at) -> onVersion(clip);
      case ClipEvent.Rendered(Clip clip, Instant at) -> onVersion(clip);
      default -> {}
    }
  }

  private void onVersion(Clip clip) {
    clip.latest().ifPresent(version -> onReady(clip, version));
  }

  private void onReady(Clip clip, ClipVersion version) {
    if (options.makesStrips() && clip.posterKey().isPresent()) {
      Future.fromCompletionStage(
              maker.makeBehind(behind, clip, version, new DerivedForm.Strip()), context)
          .onFailure(
              failure -> log.warn("no strip yet [clip={}]: {}", clip.id(), failure.getMessage()));
    }
    if (options.autoVerify().takes(clip.id())) {
      verifyBehind(clip, version);
    }
  }

  private void verifyBehind(Clip clip, ClipVersion version) {
    Future.fromCompletionStage(verifier.verify(behind, clip, version), context)
        .onFailure(failure -> log.warn("a clip was not verified [clip={}]", clip.id(), failure));
  }

  private Future<ClipVerified> verify(VerifyClip request) {
    return sealed(request.workspaceId(), request.clipId())
        .compose(clip -> soon(verifier.verify(desk, clip, version(clip, request.version()))));
  }

  private Future<ClipVersion> exact(ExactMaker maker, MakeExact request) {
    return sealed(request.workspaceId(), request.clipId())
        .compose(clip -> soon(maker.make(desk, clip)));
  }

  private Future<DerivedFile> derive(DeriveFile request) {
    return sealed(request.workspaceId(), request.clipId())
        .compose(
            clip ->
                soon(
                    maker.make(
                        desk,
                        clip,
                        version(clip, OptionalInt.of(request.version())),
                        request.form())));
  }

  private Future<Clip> sealed(UUID workspaceId, UUID clipId) {
    return clips
        .byId(workspaceId, clipId)
        .map(found -> found.orElseThrow(() -> notFound(clipId)))
        .map(AftercareVerticle::requireSealed);
  }

  private static Clip requireSealed(Clip clip) {
    if (clip.isInMaking()) {
      throw new HalcyonException(ErrorCode.NOT_READY, "the clip is still being made");
    }
    return clip;
  }

  private static ClipVersion version(Clip clip, OptionalInt number) {
    Optional<ClipVersion> version =
        number.isPresent() ? clip.version(number.getAsInt()) : clip.latest();
    return version.orElseThrow(
        () -> new HalcyonException(ErrorCode.NOT_FOUND, "the clip has no such version"));
  }

  private static HalcyonException notFound(UUID clipId) {
    return new HalcyonException(ErrorCode.CLIP_NOT_FOUND, "no clip has the id " + clipId);
  }

  /** The result, or NOT_READY when it is not there soon; the work goes on. */
  private <V> Future<V> soon(CompletableFuture<V> work) {
    Future<V> result = Future.fromCompletionStage(work, context);
    return Future.any(result, vertx.timer(PATIENCE_MS))
        .transform(
            either -> {
              if (result.isComplete()) {
                count(result);
                return result;
              }
              return Future.failedFuture(
                  new HalcyonException(ErrorCode.NOT_READY, "this takes longer; come back for it"));
            });
  }

  private void count(Future<?> result) {
    if (result.cause() instanceof HalcyonException stated
        && stated.code() == ErrorCode.RATE_LIMITED) {
      metrics.clipWorkRefused();
    }
  }

  @Override
  public Future<?> stop() {
    return vertx.executeBlocking(
        () -> {
          desk.close();
          behind.close();
          return null;
        },
        false);
  }
}
