package dev.halcyon.verticles.ingest.rtsp;

import dev.halcyon.core.media.Bytes;
import java.util.Map;
import java.util.Optional;

/**
 * One request (RFC 2326, 6).
 *
 * @param headers names in lower case; of several of one name, the first
 */
record RtspRequest(String method, String uri, Map<String, String> headers, Bytes body) {
  private static final int MAX_CSEQ_DIGITS = 10;

  RtspRequest {
    headers = Map.copyOf(headers);
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  /** The number that the answer must repeat; empty when it is missing or no number. */
  Optional<String> sequence() {
    return header("cseq")
        .filter(text -> !text.isEmpty() && text.length() <= MAX_CSEQ_DIGITS)
        .filter(text -> text.chars().allMatch(digit -> digit >= '0' && digit <= '9'));
  }

  /** The session's id without its parameters. */
  Optional<String> session() {
    return header("session").map(text -> text.split(";", 2)[0].strip());
  }

  @Override
  public String toString() {
    return "RtspRequest[method=" + method + "]"; // The rest may hold the stream's key.
  }
}
