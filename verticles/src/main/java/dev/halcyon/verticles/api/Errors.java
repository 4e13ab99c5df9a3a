package dev.halcyon.verticles.api;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import io.vertx.json.schema.OutputUnit;
import io.vertx.openapi.validation.SchemaValidationException;
import io.vertx.openapi.validation.ValidatorException;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers every failure of a request in the one error shape. The trace id ties an answer to the
 * log.
 */
public final class Errors {
  private static final Logger log = LoggerFactory.getLogger(Errors.class);

  private static final String TRACE = "halcyon.trace";
  private static final int MAX_MESSAGE_CHARS = 500;

  /** Seconds after which an overloaded or absent part may be back. */
  private static final String RETRY_S = "1";

  private Errors() {}

  /** The request's trace id, made on first use. */
  static String traceId(RoutingContext context) {
    String known = context.get(TRACE);
    if (known != null) {
      return known;
    }
    String made = "tr-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    context.put(TRACE, made);
    return made;
  }

  /** A failure handler. */
  public static void handle(RoutingContext context) {
    Throwable failure = context.failure();
    if (context.response().closed() || context.response().headWritten()) {
      // The client left in the middle of a file, as players do when they seek.
      log.debug("response cut short [traceId={}]", traceId(context), failure);
      context.response().reset();
      return;
    }
    answer(
        context, failure == null ? ofStatus(context.statusCode(), null) : stated(context, failure));
  }

  private static void answer(RoutingContext context, HalcyonException failure) {
    ErrorCode code = failure.code();
    takeBack(context.response(), code);
    if (retryHelps(code) && !context.response().headers().contains(HttpHeaders.RETRY_AFTER)) {
      context.response().putHeader(HttpHeaders.RETRY_AFTER, RETRY_S);
    }
    JsonObject error =
        new JsonObject()
            .put("code", code.name())
            .put("message", publicMessage(failure))
            .put("trace_id", traceId(context));
    context
        .response()
        .setStatusCode(code.httpStatus())
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .end(new JsonObject().put("error", error).toBuffer());
  }

  /** What was said of a body that is not sent after all. */
  private static void takeBack(HttpServerResponse response, ErrorCode code) {
    response.headers().remove(HttpHeaders.CONTENT_LENGTH);
    response.headers().remove(HttpHeaders.CONTENT_DISPOSITION);
    if (code != ErrorCode.RANGE_NOT_SATISFIABLE) {
      response.headers().remove(HttpHeaders.CONTENT_RANGE);
    }
  }

  /** What went wrong in the server is told without its paths; the trace id finds the rest. */
  private static String publicMessage(HalcyonException failure) {
    String message = shortened(failure.getMessage());
    return failure.code().httpStatus() >= 500 ? PublicText.of(message) : message;
  }

  private static boolean retryHelps(ErrorCode code) {
    return code.httpStatus() == 503
        || code == ErrorCode.NOT_READY
        || code == ErrorCode.RATE_LIMITED;
  }

  private static HalcyonException stated(RoutingContext context, Throwable failure) {
    return switch (failure) {
      case HalcyonException stated -> {
        if (stated.code().httpStatus() == 500) {
          logged(context, failure);
        }
        yield stated;
      }
      case HttpException http when http.getCause() instanceof ValidatorException broken ->
          new HalcyonException(ErrorCode.BAD_REQUEST, describe(broken), broken);
      case ValidatorException broken ->
          new HalcyonException(ErrorCode.BAD_REQUEST, describe(broken), broken);
      case HttpException http -> ofStatus(http.getStatusCode(), http);
      default -> {
        logged(context, failure);
        yield ofStatus(context.statusCode(), failure);
      }
    };
  }

  private static void logged(RoutingContext context, Throwable failure) {
    log.error(
        "request failed [traceId={}, method={}, path={}]",
        traceId(context),
        context.request().method(),
        context.request().path(),
        failure);
  }

  private static HalcyonException ofStatus(int status, Throwable cause) {
    return switch (status) {
      case 400 -> new HalcyonException(ErrorCode.BAD_REQUEST, "the request is malformed", cause);
      case 401 -> new HalcyonException(ErrorCode.UNAUTHORIZED, "an access token is needed", cause);
      case 403 -> new HalcyonException(ErrorCode.FORBIDDEN, "this is not permitted", cause);
      case 404 -> new HalcyonException(ErrorCode.NOT_FOUND, "there is nothing here", cause);
      case 405 -> new HalcyonException(ErrorCode.METHOD_NOT_ALLOWED, "not with this method", cause);
      case 413 ->
          new HalcyonException(ErrorCode.PAYLOAD_TOO_LARGE, "the request is too large", cause);
      case 415 ->
          new HalcyonException(
              ErrorCode.UNSUPPORTED_MEDIA, "the request's media type is not taken", cause);
      default -> new HalcyonException(ErrorCode.INTERNAL, "internal error", cause);
    };
  }

  /** Names the field that broke the contract. */
  private static String describe(ValidatorException broken) {
    if (broken instanceof SchemaValidationException schema && schema.getOutputUnit() != null) {
      OutputUnit deepest = deepest(schema.getOutputUnit());
      String field = fieldOf(deepest);
      String error = deepest.getError();
      if (!field.isEmpty() && error != null) {
        return field + ": " + error;
      }
    }
    return broken.getMessage();
  }

  private static OutputUnit deepest(OutputUnit unit) {
    OutputUnit best = unit;
    if (unit.getErrors() != null) {
      for (OutputUnit error : unit.getErrors()) {
        OutputUnit found = deepest(error);
        if (fieldOf(found).length() >= fieldOf(best).length() && found.getError() != null) {
          best = found;
        }
      }
    }
    return best;
  }

  /** {@code #/settings/ring} as {@code settings.ring}. */
  private static String fieldOf(OutputUnit unit) {
    String location = unit.getInstanceLocation();
    return location == null ? "" : location.replaceFirst("^#/?", "").replace('/', '.');
  }

  private static String shortened(String message) {
    String text = message == null ? "" : message;
    return text.length() <= MAX_MESSAGE_CHARS ? text : text.substring(0, MAX_MESSAGE_CHARS) + "…";
  }
}
