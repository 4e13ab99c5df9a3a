package dev.halcyon.verticles.api;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.record.RangeDownload;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Sends a range of a recording, which is made while it is sent: the next bytes are read only when
 * the socket has taken those before. A client that takes none for long is cut off; it can go on
 * with a Range and {@code If-Range}. On the request's event loop.
 */
final class RecordingResponse {
  private static final int CHUNK_BYTES = 256 << 10;
  private static final long STUCK_LIMIT_MS = 60_000;

  private final Vertx vertx;
  private final RoutingContext context;
  private final HttpServerResponse response;
  private final RangeDownload download;
  private long position;
  private long leftBytes;
  private boolean hasLeft;

  /**
   * @param download closed by {@link #send}, when all is sent or the client has left
   */
  RecordingResponse(Vertx vertx, RoutingContext context, RangeDownload download) {
    this.vertx = vertx;
    this.context = context;
    this.response = context.response();
    this.download = download;
  }

  void send(String title) {
    long sizeBytes = download.sizeBytes();
    Instant modified = download.modified().truncatedTo(ChronoUnit.SECONDS);
    FilePlan plan = FilePlan.of(context.request(), download.etag(), modified, sizeBytes);
    response
        .putHeader(HttpHeaders.ETAG, download.etag())
        .putHeader(HttpHeaders.LAST_MODIFIED, HttpDate.text(modified))
        .putHeader(HttpHeaders.ACCEPT_RANGES, "bytes")
        .putHeader(HttpHeaders.CACHE_CONTROL, "private, no-cache");
    switch (plan) {
      case FilePlan.NotModified() -> finish(304);
      case FilePlan.Refused() ->
          throw new HalcyonException(
              ErrorCode.PRECONDITION_FAILED, "the range is not the one that the request names");
      case FilePlan.Unsatisfiable() -> {
        response.putHeader(HttpHeaders.CONTENT_RANGE, "bytes */" + sizeBytes);
        throw new HalcyonException(
            ErrorCode.RANGE_NOT_SATISFIABLE, "the file has " + sizeBytes + " bytes");
      }
      case FilePlan.Head() -> {
        describe(title, sizeBytes);
        finish(200);
      }
      case FilePlan.Whole() -> begin(title, new ByteRange(0, sizeBytes));
      case FilePlan.Part(ByteRange part) -> {
        response
            .setStatusCode(206)
            .putHeader(HttpHeaders.CONTENT_RANGE, part.contentRange(sizeBytes));
        begin(title, part);
      }
    }
  }

  private void describe(String title, long lengthBytes) {
    response
        .putHeader(HttpHeaders.CONTENT_TYPE, "video/mp4")
        .putHeader(HttpHeaders.CONTENT_DISPOSITION, ContentDisposition.attachment(title, "mp4"))
        .putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(lengthBytes))
        .putHeader("X-Start-Us", Long.toString(download.startUs()))
        .putHeader("X-End-Us", Long.toString(download.endUs()));
  }

  private void finish(int status) {
    leave();
    response.setStatusCode(status).end();
  }

  private void begin(String title, ByteRange part) {
    describe(title, part.length());
    response.closeHandler(closed -> leave());
    response.exceptionHandler(lost -> leave());
    position = part.offset();
    leftBytes = part.length();
    next();
  }

  private void next() {
    if (hasLeft) {
      return;
    }
    if (leftBytes == 0) {
      leave();
      response.end();
      return;
    }
    int length = (int) Math.min(CHUNK_BYTES, leftBytes);
    download.read(position, length).onComplete(this::write, this::breakOff);
  }

  private void write(Buffer bytes) {
    if (hasLeft) {
      return;
    }
    if (bytes.length() == 0) {
      breakOff(new HalcyonException(ErrorCode.IO_FAILED, "the recording ended early"));
      return;
    }
    long limit =
        vertx.setTimer(
            STUCK_LIMIT_MS,
            late -> {
              leave();
              response.reset();
            });
    position += bytes.length();
    leftBytes -= bytes.length();
    response
        .write(bytes)
        .onComplete(
            taken -> {
              vertx.cancelTimer(limit);
              next();
            },
            lost -> {
              vertx.cancelTimer(limit);
              leave();
            });
  }

  /** Without the rest, so that nobody takes a part for the whole. */
  private void breakOff(Throwable failure) {
    leave();
    context.fail(failure);
  }

  private void leave() {
    hasLeft = true;
    download.close();
  }
}
