package dev.halcyon.verticles.api;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;

/** In which form a poster is asked for. */
enum PosterForm {
  JPEG,
  WEBP,
  /** The client takes WebP as well. */
  WEBP_IF_THERE;

  /**
   * @throws HalcyonException BAD_REQUEST
   */
  static PosterForm of(RoutingContext context) {
    String format = Requests.query(context, "format").orElse("");
    return switch (format) {
      case "" -> takesWebp(context) ? WEBP_IF_THERE : JPEG;
      case "jpg" -> JPEG;
      case "webp" -> WEBP;
      default -> throw new HalcyonException(ErrorCode.BAD_REQUEST, "format: one of jpg, webp");
    };
  }

  /** As browsers say it; one that says q=0 is none. */
  private static boolean takesWebp(RoutingContext context) {
    String accepted = context.request().getHeader(HttpHeaders.ACCEPT);
    return accepted != null && accepted.contains("image/webp");
  }
}
