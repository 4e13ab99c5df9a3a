package dev.halcyon.verticles.api;

import dev.halcyon.verticles.clip.ClipPlaylists;
import dev.halcyon.verticles.clip.ClipViewers;
import dev.halcyon.verticles.ingest.whip.WhipDesk;
import dev.halcyon.verticles.preview.LivePreviews;
import dev.halcyon.verticles.realtime.Realtime;
import dev.halcyon.verticles.record.RecordingDesk;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.Optional;
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
  private final Optional<SecureListen> secure;
  private final WhipDesk publishers;
  private volatile int actualPort;
  private volatile int securePort;
  private HttpServer server;
  private Optional<HttpServer> secureServer = Optional.empty();
  private Realtime realtime;
  private boolean isShareKeysAway;

  /**
   * @param viewers lets the clips that are made on this node be watched …
   * @param playlists … and followed
   * @param previews lets the streams of this node be watched while they are live
   * @param recordings answers for what is recorded on this node
   * @param publishers lets browsers publish to this node
   * @param secure where the same is served by TLS
   */
  public HttpVerticle(
      ApiParts parts,
      ClipViewers viewers,
      ClipPlaylists playlists,
      LivePreviews previews,
      RecordingDesk recordings,
      WhipDesk publishers,
      Optional<SecureListen> secure) {
    this.parts = parts;
    this.secure = secure;
    this.viewers = viewers;
    this.playlists = playlists;
    this.previews = previews;
    this.recordings = recordings;
    this.publishers = publishers;
  }

  @Override
  public Future<?> start() {
    realtime = new Realtime(vertx, parts);
    return new ApiRouter(vertx, parts, viewers, playlists, previews, recordings, publishers)
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
    ConnectionLimit limit = new ConnectionLimit(parts.options().maxConnections());
    HttpServerOptions plain =
        options().setHost(parts.options().host()).setPort(parts.options().port());
    return listen(plain, limit, router)
        .onSuccess(
            listening -> {
              server = listening;
              actualPort = listening.actualPort();
            })
        .compose(
            listening ->
                secure
                    .map(at -> listenSecurely(at, limit, router))
                    .orElse(Future.succeededFuture()));
  }

  private Future<HttpServer> listenSecurely(SecureListen at, ConnectionLimit limit, Router router) {
    HttpServerOptions options =
        options()
            .setHost(at.host())
            .setPort(at.port())
            .setSsl(true)
            .setKeyCertOptions(at.certificate())
            .setUseAlpn(false);
    return listen(options, limit, router)
        .onFailure(refused -> server.close())
        .onSuccess(
            listening -> {
              secureServer = Optional.of(listening);
              securePort = listening.actualPort();
            });
  }

  private Future<HttpServer> listen(
      HttpServerOptions options, ConnectionLimit limit, Router router) {
    return vertx.createHttpServer(options).connectionHandler(limit).requestHandler(router).listen();
  }

  private static HttpServerOptions options() {
    return new HttpServerOptions()
        .setCompressionSupported(false)
        // With it a connection is counted only once it has spoken.
        .setHttp2ClearTextEnabled(false)
        .setMaxInitialLineLength(8_192)
        .setMaxHeaderSize(16_384)
        .setMaxWebSocketFrameSize(16_384)
        .setMaxWebSocketMessageSize(65_536)
        .setIdleTimeout(90)
        .setIdleTimeoutUnit(TimeUnit.SECONDS);
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
    return realtime
        .close()
        .eventually(
            () ->
                Future.join(
                    server.shutdown(DRAIN_S, TimeUnit.SECONDS),
                    secureServer
                        .map(each -> each.shutdown(DRAIN_S, TimeUnit.SECONDS))
                        .orElse(Future.succeededFuture())));
  }

  /** The port that is listened on. Any thread. */
  public int actualPort() {
    return actualPort;
  }

  /** The port with TLS; 0 without. Any thread. */
  public int securePort() {
    return securePort;
  }
}
