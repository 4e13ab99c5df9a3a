package dev.halcyon.verticles.clip;

import dev.halcyon.codecs.cut.CutResult;
import dev.halcyon.codecs.cut.RingCutter;
import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.ClipExtended;
import dev.halcyon.core.clip.ClipReason;
import dev.halcyon.core.clip.ClipRequested;
import dev.halcyon.core.clip.ClipStatus;
import dev.halcyon.core.clip.ClipVersion;
import dev.halcyon.core.clip.ClipWindow;
import dev.halcyon.core.clip.CutContract;
import dev.halcyon.core.clip.CutLatency;
import dev.halcyon.core.clip.ResolvedWindow;
import dev.halcyon.core.media.Track;
import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.blob.BlobKey;
import dev.halcyon.verticles.blob.BlobStore;
import dev.halcyon.verticles.clip.ClipRows.Outcome;
import dev.halcyon.verticles.ops.Metrics;
import dev.halcyon.verticles.store.ClipStore;
import dev.halcyon.verticles.store.StreamStore;
import dev.halcyon.verticles.stream.LiveStream;
import dev.halcyon.verticles.stream.LiveStreams;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes instant clips: waits for each window to close, cuts it from the ring without re-encoding,
 * announces it, then adds the poster. Requests come on any thread; cutting runs on named platform
 * threads.
 */
public final class ClipMaker implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ClipMaker.class);

  private final Vertx vertx;
  private final LiveStreams streams;
  private final BlobStore blobs;
  private final Clock clock;
  private final ClipAnnouncer announcer;
  private final PosterDesk posters;
  private final ExecutorService cutters;
  private final ClipCloser closer = new ClipCloser(this::onClosed);

  /**
   * @param threads how many clips are cut at once
   */
  public ClipMaker(
      Vertx vertx,
      LiveStreams streams,
      StreamStore streamRows,
      ClipStore clips,
      BlobStore blobs,
      Metrics metrics,
      Clock clock,
      int threads) {
    this.vertx = vertx;
    this.streams = streams;
    this.blobs = blobs;
    this.clock = clock;
    this.announcer = new ClipAnnouncer(vertx, streamRows, clips, blobs, metrics, clock);
    this.posters = new PosterDesk(blobs);
    this.cutters =
        Executors.newFixedThreadPool(
            threads, Thread.ofPlatform().daemon().name("clip-cutter-", 0).factory());
  }

  /** Makes the first clip as quick as the next ones; returns at once. */
  public void warmUp(Path dir) {
    cutters.execute(
        () -> {
          try {
            ClipWarmUp.run(dir);
          } catch (IOException | RuntimeException failure) {
            log.warn("the first clip will take longer: no warm-up", failure);
          }
        });
  }

  /**
   * Opens a clip; it is announced by {@code clip.ready} or {@code clip.failed} later. Ends when the
   * clip can be found in the store, or without it should the database be away.
   */
  public Future<Clip> request(ClipRequested request) {
    return streams.find(request.streamId()).compose(stream -> open(stream, request));
  }

  private Future<Clip> open(LiveStream stream, ClipRequested request) {
    ResolvedWindow window =
        ResolvedWindow.resolve(
            request.window(),
            request.clampsToHeld(),
            stream.held(),
            stream.isOpen(stream.epoch()),
            stream.settings().ring().capacityS() * 1_000_000L);
    UUID id = UUID.randomUUID();
    Clip clip =
        new Clip(
            id,
            stream.workspaceId(),
            stream.id(),
            ClipStatus.OPENED,
            request.title().isEmpty() ? ClipTitles.of(request.reason()) : request.title(),
            "",
            List.of(),
            window.fromUs(),
            window.toUs(),
            request.score(),
            request.reason(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Instant.now().truncatedTo(ChronoUnit.MICROS));
    Future<Clip> written = announcer.opened(clip);
    closer.add(new OpenClip(clip, stream, window, request.triggerArrivalUs()));
    return written;
  }

  /** Moves the end of an open clip; nothing happens when its window has closed. */
  public void extend(ClipExtended extension) {
    for (OpenClip open : closer.open()) {
      if (open.clip().id().equals(extension.clipId())) {
        open.extend(extension.toUs(), extension.score(), ClipReason.highlight(extension.signals()));
        return;
      }
    }
  }

  /** Cuts again what an earlier run of this node left open, or says that it is lost. */
  public void resume(Clip clip) {
    announcer.resumed(clip);
    streams
        .find(clip.streamId())
        .map(
            stream ->
                ResolvedWindow.resolve(
                    new ClipWindow.StreamTime(clip.startUs(), clip.endUs()),
                    true,
                    stream.held(),
                    stream.isOpen(stream.epoch()),
                    stream.settings().ring().capacityS() * 1_000_000L))
        .compose(
            window ->
                streams.find(clip.streamId()).map(stream -> new OpenClip(clip, stream, window, 0)))
        .onSuccess(closer::add)
        .onFailure(
            failure ->
                announcer.failed(
                    clip, "the server stopped before the clip: " + failure.getMessage()));
  }

  private void onClosed(OpenClip open) {
    long closedNs = clock.nanoTime();
    cutters.execute(() -> cut(open, closedNs));
  }

  private void cut(OpenClip open, long closedNs) {
    Clip clip = open.clip();
    BlobKey key = BlobKey.fresh(clip.workspaceId(), clip.id(), "mp4");
    CutResult result;
    try {
      Path staged = blobs.stage(key);
      result = RingCutter.cut(open.stream().ring(), open.cutRequest(), staged);
      blobs.commit(staged, key);
    } catch (IOException | RuntimeException failure) {
      log.warn("clip not made [clip={}, stream={}]", clip.id(), clip.streamId(), failure);
      announcer.failed(clip, String.valueOf(failure.getMessage()));
      return;
    } catch (Error broken) {
      // A bad block of the disk under the ring's mapping comes as an InternalError.
      announcer.failed(clip, "the server could not read the ring");
      throw broken;
    }
    announce(open, clip, key, result, closedNs);
  }

  private void announce(OpenClip open, Clip clip, BlobKey key, CutResult result, long closedNs) {
    CutContract contract = result.contract().after(latency(open, closedNs));
    ClipVersion version =
        new ClipVersion(
            1, ClipVersion.Kind.INSTANT, "mp4", key.text(), result.sizeBytes(), contract);
    Clip bare = clip.sealed(version, Optional.empty());
    if (result.tracks().stream().noneMatch(Track::isVideo)) {
      announcer.sealed(clip, bare, closedNs, open.triggerArrivalUs());
      return;
    }
    BlobKey poster = BlobKey.fresh(clip.workspaceId(), clip.id(), "jpg");
    Clip sealed = clip.sealed(version, Optional.of(poster.text()));
    Future<Outcome> kept = announcer.sealed(clip, sealed, closedNs, open.triggerArrivalUs());
    announcer.poster(posters.make(blobs.fileOf(key), poster), kept, bare);
  }

  private CutLatency latency(OpenClip open, long closedNs) {
    long triggerUs = open.triggerArrivalUs();
    return new CutLatency(
        triggerUs > 0 ? OptionalLong.of(clock.wallUs() - triggerUs) : OptionalLong.empty(),
        OptionalLong.of((clock.nanoTime() - closedNs) / 1_000));
  }

  /** Ends when every clip that was open is announced and written, or the deadline has passed. */
  public Future<Void> drain(long deadlineNs) {
    return until(announcer::isDrained, deadlineNs);
  }

  /**
   * Ends when every clip that was open of one stream is cut and announced, or the deadline has
   * passed: its ring may be closed then. The stream's publisher has left before.
   *
   * @param deadlineNs on the clock's {@code nanoTime}
   */
  public Future<Void> drainStream(UUID streamId, long deadlineNs) {
    return until(() -> announcer.isDrained(streamId), deadlineNs);
  }

  private Future<Void> until(BooleanSupplier isDone, long deadlineNs) {
    if (isDone.getAsBoolean() || clock.nanoTime() - deadlineNs > 0) {
      return Future.succeededFuture();
    }
    return vertx.timer(20).compose(tick -> until(isDone, deadlineNs));
  }

  /** Stops the threads; blocking, at most a few seconds. After {@link #drain}. */
  @Override
  public void close() {
    closer.close();
    cutters.shutdown();
    try {
      if (!cutters.awaitTermination(5, TimeUnit.SECONDS)) {
        log.warn("clips were still being cut at the stop");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    posters.close();
  }
}
