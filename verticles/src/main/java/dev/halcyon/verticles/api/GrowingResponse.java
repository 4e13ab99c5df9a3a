package dev.halcyon.verticles.api;

import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.clip.ClipViewer;
import dev.halcyon.verticles.clip.ClipViewers;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Sends a clip that grows to one viewer, for as long as its window is open, or a segment of it. The
 * next bytes are read only when the socket has taken those before; a viewer that takes none for
 * long is cut off. On the request's event loop.
 */
final class GrowingResponse {
  private static final long LOOK_EVERY_MS = 20;

  /** How long a viewer may pause: browsers stop reading once they have buffered enough. */
  private static final long STUCK_LIMIT_MS = 60_000;

  private final Vertx vertx;
  private final RoutingContext context;
  private final HttpServerResponse response;
  private final ClipViewers viewers;
  private final UUID clipId;
  private final Consumer<HttpServerResponse> describe;
  private Optional<ClipViewer> viewer = Optional.empty();
  private boolean hasLeft;

  /**
   * @param describe sets the headers of an answer that has bytes
   */
  GrowingResponse(
      Vertx vertx,
      RoutingContext context,
      ClipViewers viewers,
      UUID clipId,
      Consumer<HttpServerResponse> describe) {
    this.vertx = vertx;
    this.context = context;
    this.response = context.response();
    this.viewers = viewers;
    this.clipId = clipId;
    this.describe = describe;
  }

  /** A clip as it grows. */
  static void send(Vertx vertx, RoutingContext context, ClipViewers viewers, Clip clip) {
    GrowingResponse growing =
        new GrowingResponse(
            vertx,
            context,
            viewers,
            clip.id(),
            response ->
                response
                    .putHeader(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.inline(clip.title(), "mp4"))
                    .putHeader(HttpHeaders.ACCEPT_RANGES, "none")
                    .putHeader(HttpHeaders.CACHE_CONTROL, "no-store"));
    growing.send(() -> viewers.open(clip.id(), () -> !growing.hasLeft));
  }

  void send(Supplier<Future<ClipViewer>> opening) {
    response.closeHandler(closed -> leave());
    response.exceptionHandler(lost -> leave());
    opening.get().onComplete(this::begin, this::refuse);
  }

  private void refuse(Throwable failure) {
    if (failure instanceof HalcyonException stated && stated.code() == ErrorCode.NOT_READY) {
      long waitS = Math.ceilDiv(viewers.untilBeginMs(clipId), 1_000);
      response.putHeader(HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, waitS)));
    }
    context.fail(failure);
  }

  private void begin(ClipViewer opened) {
    viewer = Optional.of(opened);
    if (hasLeft) {
      opened.close();
      return;
    }
    describe.accept(response.putHeader(HttpHeaders.CONTENT_TYPE, "video/mp4"));
    if (context.request().method().equals(HttpMethod.HEAD)) {
      response.end().onComplete(ended -> leave());
      return;
    }
    response.setChunked(context.request().version() != HttpVersion.HTTP_1_0);
    readOn(opened);
  }

  private void readOn(ClipViewer from) {
    if (!hasLeft) {
      from.next().onComplete(helping -> serve(from, helping), this::breakOff);
    }
  }

  private void serve(ClipViewer from, ClipViewer.Helping helping) {
    if (hasLeft) {
      return;
    }
    switch (helping.next()) {
      case BYTES -> {
        response.write(helping.bytes());
        if (response.writeQueueFull()) {
          awaitSocket(from);
        } else {
          readOn(from);
        }
      }
      case NOTHING_YET -> vertx.setTimer(LOOK_EVERY_MS, tick -> readOn(from));
      case END -> response.end().onComplete(ended -> leave());
    }
  }

  private void awaitSocket(ClipViewer from) {
    long limit =
        vertx.setTimer(
            STUCK_LIMIT_MS,
            late -> {
              if (hasLeft) {
                return;
              }
              viewers.onStuck();
              leave();
              response.reset();
            });
    response.drainHandler(
        drained -> {
          if (vertx.cancelTimer(limit)) {
            readOn(from);
          }
        });
  }

  /** Without the last chunk, so that nobody takes a part for the whole. */
  private void breakOff(Throwable failure) {
    leave();
    context.fail(failure);
  }

  private void leave() {
    hasLeft = true;
    viewer.ifPresent(ClipViewer::close);
  }
}
