package dev.halcyon.verticles.ingest.rtsp;

import java.util.Optional;

/**
 * The path of a request: {@code /live/KEY}, and behind it a track's control.
 *
 * @param path without scheme, host and query, and without slashes at its ends
 */
record RtspAddress(String path) {
  static RtspAddress of(String uri) {
    int scheme = uri.indexOf("://");
    int pathStart = scheme < 0 ? 0 : uri.indexOf('/', scheme + 3);
    String rest = pathStart < 0 ? "" : uri.substring(pathStart);
    int query = rest.indexOf('?');
    return new RtspAddress(bare(query < 0 ? rest : rest.substring(0, query)));
  }

  private static String bare(String path) {
    int start = 0;
    int end = path.length();
    while (start < end && path.charAt(start) == '/') {
      start++;
    }
    while (end > start && path.charAt(end - 1) == '/') {
      end--;
    }
    return path.substring(start, end);
  }

  /** Whether it is of this application: {@code live} or {@code live/…}. */
  boolean isOf(String app) {
    return path.equals(app) || path.startsWith(app + "/");
  }

  /** What stands behind the application, up to the next slash. */
  Optional<String> key(String app) {
    if (!path.startsWith(app + "/")) {
      return Optional.empty();
    }
    String key = path.substring(app.length() + 1).split("/", 2)[0];
    return key.isEmpty() ? Optional.empty() : Optional.of(key);
  }

  /** Whether this is the address of a track with such a control attribute. */
  boolean isTrack(String control) {
    String wanted = of(control).path();
    return !wanted.isEmpty() && (path.equals(wanted) || path.endsWith("/" + wanted));
  }

  @Override
  public String toString() {
    return "RtspAddress"; // The path holds the stream's key.
  }
}
