package dev.halcyon.verticles.ingest.rtsp;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An answer (RFC 2326, 7). Immutable.
 *
 * @param reason what people see beside the number
 * @param headers each with its values, in order
 * @param ends whether the connection is over once it is sent
 */
record RtspResponse(int status, String reason, Map<String, List<String>> headers, boolean ends) {
  private static final int MAX_REASON_CHARS = 200;

  static RtspResponse ok() {
    return new RtspResponse(200, "OK", Map.of(), false);
  }

  static RtspResponse of(int status, String reason) {
    return new RtspResponse(status, reason, Map.of(), false);
  }

  RtspResponse with(String name, String... values) {
    Map<String, List<String>> more = new LinkedHashMap<>(headers);
    more.put(name, List.of(values));
    return new RtspResponse(status, reason, more, ends);
  }

  RtspResponse ending() {
    return new RtspResponse(status, reason, headers, true);
  }

  byte[] bytes() {
    StringBuilder text = new StringBuilder(256);
    text.append("RTSP/1.0 ").append(status).append(' ').append(printable(reason)).append("\r\n");
    headers.forEach(
        (name, values) ->
            values.forEach(value -> text.append(name).append(": ").append(value).append("\r\n")));
    return text.append("Server: Halcyon\r\n\r\n").toString().getBytes(StandardCharsets.US_ASCII);
  }

  /** A reason may speak of what a peer sent: it must not end the line. */
  private static String printable(String text) {
    String head = text.substring(0, Math.min(text.length(), MAX_REASON_CHARS));
    return head.replaceAll("[^ -~]", ".");
  }
}
