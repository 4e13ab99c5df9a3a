package dev.halcyon.verticles.api;

import dev.halcyon.core.access.Permission;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.access.Caller;
import dev.halcyon.verticles.access.UploadSignature;
import dev.halcyon.verticles.access.UploadSignature.Agreed;
import dev.halcyon.verticles.step.RecordJson;
import dev.halcyon.verticles.store.UploadRow;
import dev.halcyon.verticles.upload.SourceUploads;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.core.streams.Pipe;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** Files from users: agreed on, put to a signed URL without an account, confirmed. */
final class UploadRoutes {
  /** A file that takes longer than this is cut off, however steadily it drips. */
  private static final long MOST_MS = 6 * 3_600_000L;

  /** A body that is refused is read to its end when it is short: its client sees the answer. */
  private static final Pattern SHORT = Pattern.compile("[0-9]{1,6}");

  private final Vertx vertx;
  private final SourceUploads uploads;
  private final UploadSignature signature;
  private final Callers callers;

  UploadRoutes(Vertx vertx, ApiParts parts) {
    this.vertx = vertx;
    this.uploads = parts.uploads();
    this.signature = parts.uploadSignature();
    this.callers = new Callers(parts.options());
  }

  void presign(RoutingContext context) {
    Caller caller = editor(context);
    JsonObject body = Requests.body(context);
    String base = callers.publicUrl(context.request());
    uploads
        .expect(
            caller.workspaceId(),
            caller.userId(),
            nameOf(body.getString("filename")),
            typeOf(body.getString("content_type")),
            body.getLong("size_bytes"))
        .onSuccess(upload -> Requests.answer(context, 200, agreement(upload, base)))
        .onFailure(context::fail);
  }

  private JsonObject agreement(UploadRow upload, String base) {
    String query =
        signature.query(
            new Agreed(upload.id(), upload.sizeBytes(), upload.contentType(), upload.expiresAt()));
    return new JsonObject()
        .put("upload_url", base + "/api/upload/" + upload.id() + '?' + query)
        .put("method", "PUT")
        .put("headers", new JsonObject().put("Content-Type", upload.contentType()))
        .put("file_key", upload.fileKey())
        .put("expires_at", Times.text(upload.expiresAt()));
  }

  /** The last part of a path: browsers and scripts give whole ones. */
  private static String nameOf(String given) {
    String name = given.replaceFirst("^.*[/\\\\]", "").strip();
    return name.isEmpty() ? "upload" : name;
  }

  private static String typeOf(String header) {
    return header.replaceFirst(";.*$", "").strip().toLowerCase(Locale.ROOT);
  }

  /** Mounted by hand, before what reads bodies. */
  void put(RoutingContext context) {
    HttpServerRequest request = context.request();
    request.pause();
    // From now on it is known when the client goes away, whoever is asked meanwhile.
    Pipe<Buffer> body = request.pipe();
    long timer = vertx.setTimer(MOST_MS, late -> request.connection().close());
    agreed(context)
        .compose(id -> uploads.receive(id, body, () -> expectBody(request)))
        .onComplete(done -> vertx.cancelTimer(timer))
        .onSuccess(upload -> Requests.answer(context, 200, shape(upload)))
        .onFailure(failure -> refuse(context, failure));
  }

  /** The upload that a request's URL is for, once that fits what it brings. */
  private Future<UUID> agreed(RoutingContext context) {
    HttpServerRequest request = context.request();
    try {
      UUID id = Requests.id(context, ErrorCode.NOT_FOUND);
      String type = Optional.ofNullable(request.getHeader(HttpHeaders.CONTENT_TYPE)).orElse("");
      Agreed brought = new Agreed(id, length(request), typeOf(type), Instant.EPOCH);
      return switch (signature.judge(brought, param(request, "exp"), param(request, "sig"))) {
        case VALID -> Future.succeededFuture(id);
        case FORGED ->
            throw new HalcyonException(
                ErrorCode.FORBIDDEN,
                "the URL is not for this: Content-Length and Content-Type have to be those that"
                    + " were agreed on, and the URL as it was given");
        case EXPIRED ->
            throw new HalcyonException(
                ErrorCode.UPLOAD_EXPIRED, "the time of the URL is over: ask for another one");
      };
    } catch (HalcyonException refused) {
      return Future.failedFuture(refused);
    }
  }

  private static String param(HttpServerRequest request, String name) {
    return request.getParam(name, "");
  }

  private static long length(HttpServerRequest request) {
    try {
      return Long.parseLong(request.getHeader(HttpHeaders.CONTENT_LENGTH));
    } catch (NumberFormatException unknown) {
      throw new HalcyonException(
          ErrorCode.BAD_REQUEST, "Content-Length is needed: the length of the file", unknown);
    }
  }

  private static void expectBody(HttpServerRequest request) {
    if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
      request.response().writeContinue();
    }
  }

  private static void refuse(RoutingContext context, Throwable failure) {
    HttpServerRequest request = context.request();
    if (context.response().closed()) {
      return;
    }
    boolean isWaiting = request.getHeader(HttpHeaders.EXPECT) != null;
    if (isWaiting || request.isEnded() || !isShort(request)) {
      context.response().putHeader(HttpHeaders.CONNECTION, "close");
      context.fail(failure);
      return;
    }
    request.endHandler(end -> context.fail(failure));
    request.exceptionHandler(gone -> context.fail(failure));
    request.handler(ignored -> {});
    request.resume();
  }

  private static boolean isShort(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return length != null && SHORT.matcher(length).matches();
  }

  void confirm(RoutingContext context) {
    Caller caller = editor(context);
    uploads
        .confirm(caller.workspaceId(), Requests.body(context).getString("file_key"))
        .onSuccess(upload -> Requests.answer(context, 200, shape(upload)))
        .onFailure(context::fail);
  }

  private static JsonObject shape(UploadRow upload) {
    JsonObject json =
        new JsonObject()
            .put("file_key", upload.fileKey())
            .put("status", upload.status().wire())
            .put("filename", upload.filename())
            .put("content_type", upload.contentType())
            .put("size_bytes", upload.sizeBytes());
    upload.facts().ifPresent(facts -> json.put("media", RecordJson.write(facts.probe())));
    return json;
  }

  private static Caller editor(RoutingContext context) {
    Caller caller = Requests.caller(context);
    caller.require(Permission.WRITE_CLIPS);
    return caller;
  }
}
