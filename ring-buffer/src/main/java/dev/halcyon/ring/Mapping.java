package dev.halcyon.ring;

import java.lang.foreign.MemorySegment;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * One mapping of a ring file from its start on; lives as long as the {@link RingFile} that made it.
 * Reads and stores in any thread; after the file's close every access throws {@code
 * IllegalStateException}.
 */
final class Mapping {
  private static final VarHandle WORD = RingLayout.LONG.varHandle();

  /** Windows start at each GiB and overlap by the largest record, so that none is cut. */
  private static final int WINDOW_BITS = 30;

  private static final long WINDOW_BYTES = 1L << WINDOW_BITS;
  private static final int WINDOW_MASK = (1 << WINDOW_BITS) - 1;

  private final MemorySegment bytes;
  private final ByteBuffer[] windows;

  Mapping(MemorySegment bytes) {
    this.bytes = bytes;
    this.windows = windowsOf(bytes);
  }

  private static ByteBuffer[] windowsOf(MemorySegment mapping) {
    long size = mapping.byteSize();
    ByteBuffer[] windows = new ByteBuffer[(int) ((size + WINDOW_BYTES - 1) >>> WINDOW_BITS)];
    for (int i = 0; i < windows.length; i++) {
      long from = i * WINDOW_BYTES;
      long length =
          Math.min(
              size - from, WINDOW_BYTES + RingLayout.recordBytes(RingLayout.MAX_PAYLOAD_BYTES));
      windows[i] = mapping.asSlice(from, length).asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    }
    return windows;
  }

  long byteSize() {
    return bytes.byteSize();
  }

  /** The window in which the record at this lap offset lies whole; see {@link #indexOf}. */
  ByteBuffer windowOf(long lapOffset) {
    return windows[(int) ((lapOffset + RingLayout.HEADER_BYTES) >>> WINDOW_BITS)];
  }

  /** The index of a lap offset in its window. */
  static int indexOf(long lapOffset) {
    return (int) (lapOffset + RingLayout.HEADER_BYTES) & WINDOW_MASK;
  }

  /** The first 4 KiB, without a position of its own. */
  ByteBuffer headerPage() {
    return windows[0];
  }

  long longAt(long lapOffset) {
    return bytes.get(RingLayout.LONG, RingLayout.HEADER_BYTES + lapOffset);
  }

  /** The segment, for the counters of the header page. */
  MemorySegment segment() {
    return bytes;
  }

  /** Makes pages present and writable; changes no byte, whoever else stores. */
  void makeWritable(long fileOffset, long length) {
    long from = fileOffset & -RingLayout.PAGE_BYTES;
    long to = fileOffset + length;
    if (PageAdvice.populateForWriting(bytes.asSlice(from, to - from))) {
      return;
    }
    for (long at = from; at < to; at += RingLayout.PAGE_BYTES) {
      long unused = (long) WORD.getAndAdd(bytes, at, 0L);
    }
  }

  /** Forgets which pages are present: nobody reads here much any more. What they hold stays. */
  void forgetPages() {
    PageAdvice.forget(bytes);
  }

  /**
   * Writes dirty pages out and waits for the disk.
   *
   * @throws java.io.UncheckedIOException when the disk does not take them
   */
  void force(long fileOffset, long length) {
    bytes.asSlice(fileOffset, length).force();
  }
}
