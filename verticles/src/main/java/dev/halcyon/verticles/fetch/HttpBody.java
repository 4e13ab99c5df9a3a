package dev.halcyon.verticles.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * The body of an answer, up to where its head or its chunks say that it ends; a body that breaks
 * off before is an error, never a short file. One thread.
 */
final class HttpBody extends InputStream {
  private static final int MAX_CHUNK_LINE_BYTES = 256;
  private static final int MAX_TRAILER_BYTES = 16 << 10;
  private static final Duration LINE_LIMIT = Duration.ofSeconds(30);

  private final InputStream in;
  private final boolean isChunked;

  /** Of the body, or of the chunk; −1: up to the end of the connection. */
  private long leftBytes;

  private boolean hasChunk;
  private boolean isEnded;

  HttpBody(InputStream in, HttpHead head) throws IOException {
    this.in = in;
    this.isChunked = head.isChunked();
    OptionalLong length = head.contentLength();
    this.leftBytes = isChunked ? 0 : length.orElse(-1);
    this.isEnded = head.status() == 204 || head.status() == 304 || (!isChunked && leftBytes == 0);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (isChunked && leftBytes == 0 && !isEnded) {
      nextChunk();
    }
    if (isEnded) {
      return -1;
    }
    int wanted = leftBytes < 0 ? length : (int) Math.min(length, leftBytes);
    int count = in.read(into, offset, wanted);
    if (count < 0) {
      if (leftBytes >= 0) {
        throw new IOException("the connection broke off");
      }
      isEnded = true;
      return -1;
    }
    if (leftBytes >= 0) {
      leftBytes -= count;
      isEnded = leftBytes == 0 && !isChunked;
    }
    return count;
  }

  private void nextChunk() throws IOException {
    LineBudget budget = new LineBudget(MAX_CHUNK_LINE_BYTES, LINE_LIMIT);
    if (hasChunk && !budget.line(in).isEmpty()) {
      throw new IOException("a chunk longer than it said");
    }
    hasChunk = true;
    String size = budget.line(in).split(";", 2)[0].strip();
    if (!size.matches("[0-9a-fA-F]{1,12}")) {
      throw new IOException("a malformed chunk");
    }
    leftBytes = Long.parseLong(size, 16);
    if (leftBytes == 0) {
      isEnded = true;
      skipTrailers();
    }
  }

  /** They say nothing that we heed. */
  private void skipTrailers() throws IOException {
    LineBudget budget = new LineBudget(MAX_TRAILER_BYTES, LINE_LIMIT);
    String line = budget.line(in);
    while (!line.isEmpty()) {
      line = budget.line(in);
    }
  }
}
