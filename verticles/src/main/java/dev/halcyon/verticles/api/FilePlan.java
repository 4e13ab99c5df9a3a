package dev.halcyon.verticles.api;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.Instant;
import java.util.Optional;

/**
 * What a request for a file gets: conditions first, in the order of RFC 9110, section 13.2.2, then
 * the range. Several ranges in one request are answered with the whole file, which that standard
 * leaves to the server: no player asks for them.
 */
sealed interface FilePlan {
  /** 304: the client has it. */
  record NotModified() implements FilePlan {}

  /** 412: the client wants another file than this. */
  record Refused() implements FilePlan {}

  /** 416: no byte of the range is in the file. */
  record Unsatisfiable() implements FilePlan {}

  /** 200 without a body. */
  record Head() implements FilePlan {}

  /** 200. */
  record Whole() implements FilePlan {}

  /** 206. */
  record Part(ByteRange range) implements FilePlan {}

  /**
   * @param etag strong, in quotes
   * @param modified to the second
   */
  static FilePlan of(HttpServerRequest request, String etag, Instant modified, long sizeBytes) {
    if (isUnwanted(request, etag, modified)) {
      return new Refused();
    }
    if (isKnown(request, etag, modified)) {
      return new NotModified();
    }
    if (request.method().equals(HttpMethod.HEAD)) {
      return new Head();
    }
    return switch (ByteRange.read(range(request, etag, modified), sizeBytes)) {
      case ByteRange.Reading.Whole() -> new Whole();
      case ByteRange.Reading.Part(ByteRange part) -> new Part(part);
      case ByteRange.Reading.Unsatisfiable() -> new Unsatisfiable();
    };
  }

  /** Bytes of the body that this plan sends. */
  default long lengthBytes(long sizeBytes) {
    return switch (this) {
      case Whole() -> sizeBytes;
      case Part(ByteRange range) -> range.length();
      case NotModified(), Refused(), Unsatisfiable(), Head() -> 0;
    };
  }

  private static boolean isUnwanted(HttpServerRequest request, String etag, Instant modified) {
    String wanted = request.getHeader(HttpHeaders.IF_MATCH);
    if (wanted != null) {
      return !names(wanted, etag, false);
    }
    return HttpDate.parse(request.getHeader("If-Unmodified-Since"))
        .filter(modified::isAfter)
        .isPresent();
  }

  private static boolean isKnown(HttpServerRequest request, String etag, Instant modified) {
    String known = request.getHeader(HttpHeaders.IF_NONE_MATCH);
    if (known != null) {
      return names(known, etag, true);
    }
    return HttpDate.parse(request.getHeader(HttpHeaders.IF_MODIFIED_SINCE))
        .filter(since -> !modified.isAfter(since))
        .isPresent();
  }

  /** The range counts only while {@code If-Range} names this very file (strong comparison). */
  private static Optional<String> range(HttpServerRequest request, String etag, Instant modified) {
    String condition = request.getHeader("If-Range");
    boolean isThisFile =
        condition == null
            || condition.strip().equals(etag)
            || HttpDate.parse(condition).filter(modified::equals).isPresent();
    return isThisFile ? Optional.ofNullable(request.getHeader("Range")) : Optional.empty();
  }

  private static boolean names(String header, String etag, boolean isWeakEnough) {
    for (String candidate : header.split(",", -1)) {
      String tag = candidate.strip();
      if (tag.equals("*") || tag.equals(etag) || (isWeakEnough && tag.equals("W/" + etag))) {
        return true;
      }
    }
    return false;
  }
}
