package dev.halcyon.codecs.mux;

import java.io.IOException;

/**
 * Bytes of a container from wherever its owner has them. Called on the thread that reads the {@link
 * FeedDemuxer}; may block.
 */
public interface ByteFeed {
  /** Of a feed that does not know, or has no end yet. */
  long UNKNOWN = -1;

  /**
   * Gives at least one byte.
   *
   * @return how many; −1 at the end
   */
  int read(byte[] into, int offset, int length) throws IOException;

  /** Bytes in all; {@link #UNKNOWN} when it cannot be gone to a place in it. */
  default long lengthBytes() {
    return UNKNOWN;
  }

  /** Goes on at a place; only where the length is known. */
  default void seek(long position) throws IOException {
    throw new IOException("cannot go to a place");
  }
}
