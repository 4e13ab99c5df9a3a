package dev.halcyon.verticles.api;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.blob.RemoteBlob;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A file that is about to be sent, and how. It is a strong representation: its bytes never change
 * under one ETag.
 *
 * @param contentDisposition empty for none
 */
record FileAnswer(
    FileBody body,
    long sizeBytes,
    Instant modified,
    String etag,
    String contentType,
    String contentDisposition,
    FilePlan plan) {
  /** Reads a request's conditions and range against a file. */
  static FileAnswer of(
      HttpServerRequest request,
      ClipFiles.Found found,
      String etag,
      String contentType,
      String contentDisposition) {
    Instant modified = found.modified().truncatedTo(ChronoUnit.SECONDS);
    return new FileAnswer(
        found.body(),
        found.sizeBytes(),
        modified,
        etag,
        contentType,
        contentDisposition,
        FilePlan.of(request, etag, modified, found.sizeBytes()));
  }

  /** Bytes of the body. */
  long lengthBytes() {
    return plan.lengthBytes(sizeBytes);
  }

  /** Sends it, or sends the client to where it is. */
  Future<Void> sendOrRedirect(Vertx vertx, RoutingContext context) {
    if (lengthBytes() == 0 || !(body instanceof FileBody.Elsewhere(RemoteBlob blob))) {
      return send(vertx, context);
    }
    return blob.link(contentType, contentDisposition)
        .map(
            link ->
                context
                    .response()
                    .setStatusCode(302)
                    .putHeader(HttpHeaders.LOCATION, link.toString())
                    .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                    .end())
        .orElseGet(() -> send(vertx, context));
  }

  Future<Void> send(Vertx vertx, RoutingContext context) {
    HttpServerResponse response = context.response();
    return switch (plan) {
      case FilePlan.NotModified() -> common(response).setStatusCode(304).end();
      case FilePlan.Refused() -> {
        common(response);
        throw new HalcyonException(
            ErrorCode.PRECONDITION_FAILED, "the file is not the one that the request names");
      }
      case FilePlan.Unsatisfiable() -> {
        common(response).putHeader(HttpHeaders.CONTENT_RANGE, "bytes */" + sizeBytes);
        throw new HalcyonException(
            ErrorCode.RANGE_NOT_SATISFIABLE, "the file has " + sizeBytes + " bytes");
      }
      case FilePlan.Head() ->
          described(response).putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(sizeBytes)).end();
      case FilePlan.Whole() -> sendBody(vertx, context);
      case FilePlan.Part(ByteRange part) -> sendBody(vertx, context);
    };
  }

  private Future<Void> sendBody(Vertx vertx, RoutingContext context) {
    return body instanceof FileBody.OnDisk(Path file)
        ? withBody(context.response())
            .sendFile(file.toString(), offset(), lengthBytes())
            .recover(failure -> Future.failedFuture(ClipFiles.stated(failure)))
        : sendCounted(vertx, context).mapEmpty();
  }

  /**
   * As {@link #send}, but it tells how much of the body left, also when the client went away in the
   * middle. Only for plans with a body.
   *
   * @return bytes that the network took; never fails once the first has left
   */
  Future<Long> sendCounted(Vertx vertx, RoutingContext context) {
    if (lengthBytes() == 0) {
      return withBody(context.response()).end().map(0L);
    }
    BodyPump pump = new BodyPump(vertx);
    return pump.away(() -> body.open(offset(), lengthBytes()))
        .recover(failure -> Future.failedFuture(ClipFiles.stated(failure)))
        .compose(open -> pump.send(open, withBody(context.response()), lengthBytes()));
  }

  private long offset() {
    return plan instanceof FilePlan.Part(ByteRange part) ? part.offset() : 0;
  }

  private HttpServerResponse withBody(HttpServerResponse response) {
    if (plan instanceof FilePlan.Part(ByteRange part)) {
      response
          .setStatusCode(206)
          .putHeader(HttpHeaders.CONTENT_RANGE, part.contentRange(sizeBytes));
    }
    return described(response).putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(lengthBytes()));
  }

  private HttpServerResponse common(HttpServerResponse response) {
    return response
        .putHeader(HttpHeaders.ETAG, etag)
        .putHeader(HttpHeaders.LAST_MODIFIED, HttpDate.text(modified))
        .putHeader(HttpHeaders.ACCEPT_RANGES, "bytes")
        .putHeader(HttpHeaders.CACHE_CONTROL, "private, no-cache");
  }

  private HttpServerResponse described(HttpServerResponse response) {
    common(response).putHeader(HttpHeaders.CONTENT_TYPE, contentType);
    if (!contentDisposition.isEmpty()) {
      response.putHeader(HttpHeaders.CONTENT_DISPOSITION, contentDisposition);
    }
    return response;
  }
}
