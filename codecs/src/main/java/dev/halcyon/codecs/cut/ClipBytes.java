package dev.halcyon.codecs.cut;

import dev.halcyon.core.error.HalcyonException;
import java.nio.ByteBuffer;

/**
 * Bytes of a clip that are made out of the ring as they are read, which may wait for the disk under
 * it. One thread at a time; closed by whoever opened it.
 */
public interface ClipBytes extends AutoCloseable {
  /** What {@link #read} did. */
  enum Next {
    /** There were bytes. */
    BYTES,
    /** None just now. */
    NOTHING_YET,
    /** None any more: that was all. */
    END
  }

  /**
   * Puts the next bytes into {@code target}, as many as there are and fit.
   *
   * @throws HalcyonException RING_OVERRUN when the writer overtook; RING_CORRUPT; IO_FAILED when
   *     the ring was closed. What was given so far is then not all.
   */
  Next read(ByteBuffer target);

  @Override
  void close();
}
