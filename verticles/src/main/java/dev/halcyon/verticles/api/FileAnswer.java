package dev.halcyon.verticles.api;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.FileProps;
import io.vertx.core.file.OpenOptions;
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
    Path file,
    long sizeBytes,
    Instant modified,
    String etag,
    String contentType,
    String contentDisposition,
    FilePlan plan) {
  private static final int CHUNK_BYTES = 64 << 10;

  /** Reads a request's conditions and range against a file. */
  static FileAnswer of(
      HttpServerRequest request,
      Path file,
      FileProps properties,
      String etag,
      String contentType,
      String contentDisposition) {
    Instant modified =
        Instant.ofEpochMilli(properties.lastModifiedTime()).truncatedTo(ChronoUnit.SECONDS);
    return new FileAnswer(
        file,
        properties.size(),
        modified,
        etag,
        contentType,
        contentDisposition,
        FilePlan.of(request, etag, modified, properties.size()));
  }

  /** Bytes of the body. */
  long lengthBytes() {
    return plan.lengthBytes(sizeBytes);
  }

  Future<Void> send(RoutingContext context) {
    HttpServerResponse response = common(context.response());
    return switch (plan) {
      case FilePlan.NotModified() -> response.setStatusCode(304).end();
      case FilePlan.Refused() ->
          throw new HalcyonException(
              ErrorCode.PRECONDITION_FAILED, "the file is not the one that the request names");
      case FilePlan.Unsatisfiable() -> {
        response.putHeader(HttpHeaders.CONTENT_RANGE, "bytes */" + sizeBytes);
        throw new HalcyonException(
            ErrorCode.RANGE_NOT_SATISFIABLE, "the file has " + sizeBytes + " bytes");
      }
      case FilePlan.Head() ->
          described(response).putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(sizeBytes)).end();
      case FilePlan.Whole() -> described(response).sendFile(file.toString());
      case FilePlan.Part(ByteRange part) ->
          described(response)
              .setStatusCode(206)
              .putHeader(HttpHeaders.CONTENT_RANGE, part.contentRange(sizeBytes))
              .putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(part.length()))
              .sendFile(file.toString(), part.offset(), part.length());
    };
  }

  /**
   * As {@link #send}, but it tells how much of the body left, also when the client went away in the
   * middle. Only for plans with a body.
   *
   * @return bytes that the network took; never fails once the first has left
   */
  Future<Long> sendCounted(Vertx vertx, RoutingContext context) {
    HttpServerResponse response = common(context.response());
    if (plan instanceof FilePlan.Part(ByteRange part)) {
      response
          .setStatusCode(206)
          .putHeader(HttpHeaders.CONTENT_RANGE, part.contentRange(sizeBytes));
    }
    described(response).putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(lengthBytes()));
    long offset = plan instanceof FilePlan.Part(ByteRange part) ? part.offset() : 0;
    return vertx
        .fileSystem()
        .open(file.toString(), new OpenOptions().setRead(true).setWrite(false).setCreate(false))
        .compose(open -> copy(open, response, offset, lengthBytes(), 0).eventually(open::close));
  }

  private static Future<Long> copy(
      AsyncFile from, HttpServerResponse to, long offset, long leftBytes, long sentBytes) {
    if (leftBytes == 0) {
      return to.end().map(sentBytes).otherwise(sentBytes);
    }
    int length = (int) Math.min(CHUNK_BYTES, leftBytes);
    return from.read(Buffer.buffer(length), 0, offset, length)
        .compose(
            chunk ->
                chunk.length() == 0
                    ? Future.failedFuture("the file is shorter than it was")
                    : to.write(chunk).map(chunk.length()))
        .transform(
            written -> {
              if (written.failed()) {
                to.reset();
                return Future.succeededFuture(sentBytes);
              }
              long step = written.result();
              return copy(from, to, offset + step, leftBytes - step, sentBytes + step);
            });
  }

  private HttpServerResponse common(HttpServerResponse response) {
    return response
        .putHeader(HttpHeaders.ETAG, etag)
        .putHeader(HttpHeaders.LAST_MODIFIED, HttpDate.text(modified))
        .putHeader(HttpHeaders.ACCEPT_RANGES, "bytes")
        .putHeader(HttpHeaders.CACHE_CONTROL, "private, no-cache");
  }

  private HttpServerResponse described(HttpServerResponse response) {
    response.putHeader(HttpHeaders.CONTENT_TYPE, contentType);
    if (!contentDisposition.isEmpty()) {
      response.putHeader(HttpHeaders.CONTENT_DISPOSITION, contentDisposition);
    }
    return response;
  }
}
