package dev.halcyon.verticles.clip;

import dev.halcyon.core.clip.AskedWindow;
import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.ClipExtended;
import dev.halcyon.core.clip.ClipOrigin;
import dev.halcyon.core.clip.ClipReason;
import dev.halcyon.core.clip.ClipRequested;
import dev.halcyon.core.clip.ClipStatus;
import dev.halcyon.core.clip.ClipWindow;
import dev.halcyon.core.clip.Crossing;
import dev.halcyon.core.clip.ResolvedWindow;
import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.blob.BlobStore;
import dev.halcyon.verticles.ops.Metrics;
import dev.halcyon.verticles.store.ClipStore;
import dev.halcyon.verticles.store.StreamStore;
import dev.halcyon.verticles.stream.LiveStream;
import dev.halcyon.verticles.stream.LiveStreams;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes instant clips: lets each be watched while its window is open, cuts it from the ring or the
 * recording without re-encoding when it has closed, announces it, then adds the poster. Requests
 * come on any thread; cutting runs on named platform threads.
 */
public final class ClipMaker implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ClipMaker.class);

  private final Vertx vertx;
  private final LiveStreams streams;
  private final ClipSources sources;
  private final Clock clock;
  private final ClipAnnouncer announcer;
  private final PosterDesk posters;
  private final MissingPosters missingPosters;
  private final ClipSealer sealer;
  private final ClipCutters cutters;
  private final OpenClips open = new OpenClips();
  private final ClipViewers viewers;
  private final ClipPlaylists playlists;
  private final ClipCloser closer;
  private final long reconnectWaitUs;

  /**
   * @param threads how many clips of usual length are cut at once
   * @param reconnectWait how long an open clip waits for a publisher that was lost
   */
  public ClipMaker(
      Vertx vertx,
      LiveStreams streams,
      ClipSources sources,
      StreamStore streamRows,
      ClipStore clips,
      BlobStore blobs,
      ClipRoom room,
      Metrics metrics,
      Clock clock,
      int threads,
      Duration reconnectWait) {
    this.vertx = vertx;
    this.streams = streams;
    this.sources = sources;
    this.clock = clock;
    this.announcer = new ClipAnnouncer(vertx, streamRows, clips, blobs, metrics, clock);
    this.posters = new PosterDesk(blobs);
    this.missingPosters = new MissingPosters(vertx, clips, blobs, posters, clock.now());
    this.sealer = new ClipSealer(open, this::goOn, announcer, posters, blobs, metrics, clock);
    this.cutters = new ClipCutters(blobs, room, threads);
    this.viewers = new ClipViewers(vertx, open, metrics, clock);
    this.playlists = new ClipPlaylists(vertx, open, viewers, clock);
    this.closer = new ClipCloser(new Windows(), clock);
    this.reconnectWaitUs = TimeUnit.NANOSECONDS.toMicros(reconnectWait.toNanos());
    metrics.openClips(() -> open.all().size());
  }

  /** Lets the clips that are being made be watched. */
  public ClipViewers viewers() {
    return viewers;
  }

  /** Lets them be followed by playlists. */
  public ClipPlaylists playlists() {
    return playlists;
  }

  /** Whether a clip is made here, and is not in the database as it will stay. */
  public boolean isInMaking(UUID clipId) {
    return open.open(clipId).isPresent();
  }

  /** Makes the first clip as quick as the next ones; returns at once. */
  public void warmUp(Path dir) {
    cutters.prepare(
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
    long requestedNs = clock.nanoTime();
    return streams.find(request.streamId()).compose(stream -> opened(stream, request, requestedNs));
  }

  private Future<Clip> opened(LiveStream stream, ClipRequested request, long requestedNs) {
    Crossing crossing = request.crossing().orElse(stream.settings().epochs());
    ClipSources.Found found =
        sources.find(stream, request.window(), request.clampsToHeld(), crossing);
    ResolvedWindow window = found.window();
    UUID id = UUID.randomUUID();
    Clip opened =
        new Clip(
            id,
            stream.workspaceId(),
            new ClipOrigin.OfStream(stream.id()),
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
    ClipSpan span = new ClipSpan(window, crossing, reconnectWaitUs);
    Clip clip = opened.askedAs(span.asked());
    Future<Clip> written = announcer.opened(clip, requestedNs);
    add(
        new OpenClip(
            clip,
            stream,
            sources,
            found.origin(),
            span,
            new OpenClip.Trigger(request.triggerArrivalUs(), requestedNs)));
    return written;
  }

  /** The rest of a window whose first clip is made, and ends before an epoch. */
  private void goOn(OpenClip before, int epoch, long deliveredEndUs) {
    long nowNs = clock.nanoTime();
    try {
      OpenClip rest = before.rest(epoch, deliveredEndUs, nowNs);
      announcer.opened(rest.clip(), nowNs);
      add(rest);
    } catch (IllegalStateException closed) {
      log.warn("the rest of a clip is lost: the ring is closed [clip={}]", before.clip().id());
    }
  }

  private void add(OpenClip clip) {
    open.add(clip);
    closer.add(clip);
  }

  /** Moves the end of an open clip; nothing happens when its window has closed. */
  public void extend(ClipExtended extension) {
    open.open(extension.clipId())
        .ifPresent(
            clip ->
                clip.extend(
                    extension.toUs(),
                    extension.score(),
                    ClipReason.highlight(extension.signals())));
  }

  /** Cuts again what an earlier run of this node left open, or says that it is lost. */
  public void resume(Clip clip) {
    announcer.resumed(clip);
    OpenClip.Trigger trigger = new OpenClip.Trigger(0, clock.nanoTime());
    streams
        .find(clip.origin().id())
        .map(
            stream -> {
              ClipWindow window = new ClipWindow.StreamTime(clip.startUs(), clip.endUs());
              Crossing crossing =
                  clip.asked().map(AskedWindow::crossing).orElse(stream.settings().epochs());
              ClipSources.Found found = sources.find(stream, window, true, crossing);
              return new OpenClip(
                  clip,
                  stream,
                  sources,
                  found.origin(),
                  ClipSpan.resumed(clip, found.window(), crossing, reconnectWaitUs),
                  trigger);
            })
        .onSuccess(this::add)
        .onFailure(
            failure ->
                announcer.failed(
                    clip, "the server stopped before the clip: " + failure.getMessage()));
  }

  /** Makes some of the posters that an earlier run of this node promised, while there are any. */
  public Future<Void> makeMissingPosters() {
    return missingPosters.makeSome();
  }

  /**
   * People deleted a clip. One that may be taken back is made all the same, but nobody can watch
   * it; nothing is made of one that may not.
   *
   * @param isForGood whether it cannot be taken back
   */
  public void delete(UUID clipId, boolean isForGood) {
    open.open(clipId)
        .ifPresent(
            clip -> {
              if (isForGood) {
                clip.abandon();
                cutters.cancel(clipId);
                announcer.abandoned(clip.clip());
                open.done(clip);
              } else {
                clip.delete();
              }
            });
  }

  /** People took a clip back. */
  public void restore(UUID clipId) {
    open.open(clipId).ifPresent(OpenClip::restore);
  }

  /** What happens to windows. */
  private final class Windows implements ClipCloser.Listener {
    @Override
    public void onPlayable(OpenClip clip) {
      announcer.playable(clip.becomePlayable(), clip.beganNs());
    }

    @Override
    public void onClosed(OpenClip clip) {
      cutters.cut(clip, clock.nanoTime(), sealer);
    }
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

  /** Stops the threads; blocking, at most some seconds. After {@link #drain}. */
  @Override
  public void close() {
    closer.close();
    playlists.close();
    viewers.close();
    cutters.close();
    posters.close();
  }
}
