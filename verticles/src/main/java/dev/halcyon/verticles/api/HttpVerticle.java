package dev.halcyon.verticles.api;

import dev.halcyon.verticles.clip.ClipPlaylists;
import dev.halcyon.verticles.clip.ClipViewers;
import dev.halcyon.verticles.preview.LivePreviews;
import dev.halcyon.verticles.realtime.Realtime;
import dev.halcyon.verticles.record.RecordingDesk;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server: API, media, realtime, page. Deploy one; {@link #actualPort} is known once it is
 * deployed.
 */
public final class HttpVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(HttpVerticle.class);
  private static final int DRAIN_S = 3;
  private static final long HOUSEKEEPING_MS = 3_600_000;
  private static final long SHARE_KEYS_MS = 5_000;

  /** How long a link that expired is still listed. */
  private static final Duration SHARES_KEPT = Duration.ofDays(30);

  private final ApiParts parts;
  private final ClipViewers viewers;
  private final ClipPlaylists playlists;
  private final LivePreviews previews;
  private final RecordingDesk recordings;
  private volatile int actualPort;
  private HttpServer server;
  private Realtime realtime;
  private boolean isShareKeysAway;

  /**
   * @param viewers lets the clips that are made on this node be watched …
   * @param playlists … and followed
   * @param previews lets the streams of this node be watched while they are live
   * @param recordings answers for what is recorded on this node
   */
  public HttpVerticle(
      ApiParts parts,
      ClipViewers viewers,
      ClipPlaylists playlists,
      LivePreviews previews,
      RecordingDesk recordings) {
    this.parts = parts;
    this.viewers = viewers;
    this.playlists = playlists;
    this.previews = previews;
    this.recordings = recordings;
  }

  @Override
  public Future<?> start() {
    realtime = new Realtime(vertx, parts);
    return new ApiRouter(vertx, parts, viewers, playlists, previews, recordings)
        .build(realtime::mount)
        .compose(this::listen)
        .onFailure(failure -> realtime.close())
        .onSuccess(
            listening -> {
              vertx.setPeriodic(HOUSEKEEPING_MS, timer -> dropExpired());
              vertx.setPeriodic(SHARE_KEYS_MS, timer -> refreshShareKeys());
            });
  }

  private Future<HttpServer> listen(Router router) {
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(parts.options().host())
            .setPort(parts.options().port())
            .setCompressionSupported(false)
            // With it a connection is counted only once it has spoken.
            .setHttp2ClearTextEnabled(false)
            .setMaxInitialLineLength(8_192)
            .setMaxHeaderSize(16_384)
            .setMaxWebSocketFrameSize(16_384)
            .setMaxWebSocketMessageSize(65_536)
            .setIdleTimeout(90)
            .setIdleTimeoutUnit(TimeUnit.SECONDS);
    return vertx
        .createHttpServer(options)
        .connectionHandler(new ConnectionLimit(parts.options().maxConnections()))
        .requestHandler(router)
        .listen()
        .onSuccess(
            listening -> {
              server = listening;
              actualPort = listening.actualPort();
            });
  }

  private void dropExpired() {
    parts.accounts().dropExpired();
    parts.idempotency().dropExpired();
    parts.shares().forget(parts.clock().now().minus(SHARES_KEPT));
  }

  /** Whoever rotates the keys of share links need not start the server anew. */
  private void refreshShareKeys() {
    Callable<Void> reading =
        () -> {
          parts.shareKeys().refresh();
          return null;
        };
    vertx
        .executeBlocking(reading, false)
        .onSuccess(read -> isShareKeysAway = false)
        .onFailure(this::onShareKeysAway);
  }

  /** Told once, until they are back. */
  private void onShareKeysAway(Throwable failure) {
    if (!isShareKeysAway) {
      log.warn("keys of share links stay as they are: {}", failure.toString());
    }
    isShareKeysAway = true;
  }

  @Override
  public Future<?> stop() {
    return realtime.close().eventually(() -> server.shutdown(DRAIN_S, TimeUnit.SECONDS));
  }

  /** The port that is listened on. Any thread. */
  public int actualPort() {
    return actualPort;
  }
}
