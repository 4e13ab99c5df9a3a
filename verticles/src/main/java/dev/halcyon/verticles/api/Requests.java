package dev.halcyon.verticles.api;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.access.AccessTokens;
import dev.halcyon.verticles.access.Caller;
import dev.halcyon.verticles.access.MediaSignature;
import dev.halcyon.verticles.store.PageOf;
import dev.halcyon.verticles.store.PageRequest;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Reads the parts that requests share, and writes the answers that they share. */
public final class Requests {
  private static final String CALLER = "halcyon.caller";
  private static final String BEARER = "Bearer ";

  private static final Pattern QUERY_TEXT = Pattern.compile("\\P{Cc}{1,255}");

  private Requests() {}

  /** The token of the {@code Authorization} header (RFC 6750). */
  public static Optional<String> bearer(HttpServerRequest request) {
    return Optional.ofNullable(request.getHeader(HttpHeaders.AUTHORIZATION))
        .filter(header -> header.regionMatches(true, 0, BEARER, 0, BEARER.length()))
        .map(header -> header.substring(BEARER.length()).strip());
  }

  /** Verifies the bearer token of a request; fails with UNAUTHORIZED or TOKEN_EXPIRED. */
  static Future<Caller> authenticate(HttpServerRequest request, AccessTokens tokens) {
    return bearer(request)
        .map(tokens::verify)
        .orElseGet(
            () ->
                Future.failedFuture(
                    new HalcyonException(
                        ErrorCode.UNAUTHORIZED, "an Authorization: Bearer header is needed")));
  }

  /** Whether a request for media brings the signature of its URL. */
  static boolean isSigned(HttpServerRequest request, MediaSignature signature) {
    return isSigned(request, request.path(), signature);
  }

  /**
   * @param signedPath the path that was signed
   */
  static boolean isSigned(HttpServerRequest request, String signedPath, MediaSignature signature) {
    String expires = request.getParam("exp");
    String given = request.getParam("sig");
    return expires != null && given != null && signature.isValid(signedPath, expires, given);
  }

  /** Lets a request on only with a valid token; its body waits meanwhile. */
  static void requireCaller(RoutingContext context, AccessTokens tokens) {
    context.request().pause();
    authenticate(context.request(), tokens)
        .onSuccess(caller -> context.put(CALLER, caller))
        .onComplete(known -> context.next(), context::fail)
        .onComplete(done -> context.request().resume());
  }

  /**
   * Who {@link #requireCaller} has let on.
   *
   * @throws HalcyonException UNAUTHORIZED when nobody was asked for: a handler is never open by
   *     mistake
   */
  static Caller caller(RoutingContext context) {
    Caller caller = context.get(CALLER);
    if (caller == null) {
      throw new HalcyonException(
          ErrorCode.UNAUTHORIZED, "an Authorization: Bearer header is needed");
    }
    return caller;
  }

  /**
   * The id in the path.
   *
   * @param missing what to answer when it is no id: nothing has it
   */
  static UUID id(RoutingContext context, ErrorCode missing) {
    return pathId(context, "id", missing);
  }

  static UUID pathId(RoutingContext context, String name, ErrorCode missing) {
    try {
      return UUID.fromString(context.pathParam(name));
    } catch (IllegalArgumentException notAnId) {
      throw new HalcyonException(missing, "no such id", notAnId);
    }
  }

  /** The validated body. */
  static JsonObject body(RoutingContext context) {
    return context.body().asJsonObject();
  }

  static Optional<String> query(RoutingContext context, String name) {
    return Optional.ofNullable(context.request().getParam(name));
  }

  /**
   * A parameter of the query.
   *
   * @param reader throws an {@link IllegalArgumentException} when a text is not {@code what}
   */
  static <T> Optional<T> query(
      RoutingContext context, String name, Function<String, T> reader, String what) {
    return query(context, name)
        .map(
            text -> {
              try {
                return reader.apply(text);
              } catch (IllegalArgumentException malformed) {
                throw new HalcyonException(
                    ErrorCode.BAD_REQUEST, name + ": not " + what, malformed);
              }
            });
  }

  /** A text of the query that the contract does not check: one line, not empty, not long. */
  static Optional<String> queryText(RoutingContext context, String name) {
    Optional<String> text = query(context, name);
    if (text.filter(given -> !QUERY_TEXT.matcher(given).matches()).isPresent()) {
      throw new HalcyonException(
          ErrorCode.BAD_REQUEST, name + ": not 1 to 255 characters of one line");
    }
    return text;
  }

  /** The asked page; the contract has checked the numbers. */
  static PageRequest page(RoutingContext context) {
    return new PageRequest(
        query(context, "page").map(Integer::valueOf).orElse(PageRequest.FIRST.number()),
        query(context, "limit").map(Integer::valueOf).orElse(PageRequest.FIRST.limit()));
  }

  static <T> JsonObject pageJson(PageOf<T> page, Function<T, JsonObject> writer) {
    JsonArray data = new JsonArray();
    page.rows().forEach(row -> data.add(writer.apply(row)));
    return new JsonObject()
        .put("data", data)
        .put("total", page.total())
        .put("page", page.request().number())
        .put("pages", page.pages());
  }

  static void answer(RoutingContext context, int status, JsonObject body) {
    answer(context, status, body.toBuffer());
  }

  /** Of what is long the JSON is written elsewhere. */
  static void answer(RoutingContext context, int status, Buffer json) {
    context
        .response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .end(json);
  }

  static void answerEmpty(RoutingContext context) {
    context.response().setStatusCode(204).end();
  }
}
