package dev.halcyon.verticles.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/** Lines of a peer that may send them drop by drop, or without end. One thread. */
final class LineBudget {
  private final long deadlineNs;
  private int leftBytes;

  LineBudget(int maxBytes, Duration limit) {
    this.leftBytes = maxBytes;
    this.deadlineNs = System.nanoTime() + limit.toNanos();
  }

  /**
   * The next line without its end.
   *
   * @throws IOException also when the budget is used up, or the stream ends within the line
   */
  String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new IOException("the connection broke off");
      }
      if (--leftBytes < 0) {
        throw new IOException("a head that is too long");
      }
      if (System.nanoTime() - deadlineNs > 0) {
        throw new IOException("a head that took too long");
      }
      line.append((char) next);
    }
    int length = line.length();
    return length > 0 && line.charAt(length - 1) == '\r'
        ? line.substring(0, length - 1)
        : line.toString();
  }
}
