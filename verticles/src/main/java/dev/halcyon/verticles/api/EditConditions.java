package dev.halcyon.verticles.api;

import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which revision of a clip a change is made from: {@code If-Match} (RFC 9110, section 13.1.1). */
final class EditConditions {
  private static final Pattern TAG = Pattern.compile("\"(\\d{1,18})\"");

  private EditConditions() {}

  static String etag(Clip clip) {
    return "\"" + clip.curation().revision() + "\"";
  }

  /**
   * The revision that a request names; empty when it takes whichever stands.
   *
   * @throws HalcyonException EDIT_CONFLICT for a tag that this server never gave
   */
  static OptionalLong revision(RoutingContext context) {
    String header = context.request().getHeader(HttpHeaders.IF_MATCH);
    if (header == null || header.strip().equals("*")) {
      return OptionalLong.empty();
    }
    Matcher tag = TAG.matcher(header.strip());
    if (!tag.matches()) {
      throw new HalcyonException(
          ErrorCode.EDIT_CONFLICT, "If-Match: give the one ETag that the clip was read with");
    }
    return OptionalLong.of(Long.parseLong(tag.group(1)));
  }
}
