package dev.halcyon.codecs.session;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The frame of our own boxes in a session file: user extensions of ISO/IEC 14496-12 section 11.1.
 *
 * <pre>
 *   offset      bytes
 *   0           4      length of the box
 *   4           4      'uuid'
 *   8           16     which of ours
 *   24          …      body
 *   length − 8  4      length of the box, to find it from its end
 *   length − 4  4      CRC-32C of everything before
 * </pre>
 */
enum OwnBox {
  HEAD(0x6bd0_8a3e_51c7_4f0aL, 0x9f1e_2d86_b3a4_70c1L),
  SEAL(0x2f94_c1d7_e85b_4b63L, 0xa07d_66f2_1c39_e54bL),
  INDEX(0xd318_5ec9_0a72_4d9fL, 0x8b46_f1a5_97e0_3c2dL);

  static final int BODY_AT = 24;
  static final int TRAILER_BYTES = 8;
  static final int FRAME_BYTES = BODY_AT + TRAILER_BYTES;

  /** 64 MiB: a seal of two million packets. */
  private static final int MAX_BYTES = 64 << 20;

  private static final int UUID_TYPE = 0x7575_6964;

  private final long userTypeHigh;
  private final long userTypeLow;

  OwnBox(long userTypeHigh, long userTypeLow) {
    this.userTypeHigh = userTypeHigh;
    this.userTypeLow = userTypeLow;
  }

  /** A box to be filled from its position on with exactly so many bytes, then {@link #end}ed. */
  ByteBuffer begin(int bodyBytes) {
    ByteBuffer box = ByteBuffer.allocate(FRAME_BYTES + bodyBytes);
    return box.putInt(box.capacity()).putInt(UUID_TYPE).putLong(userTypeHigh).putLong(userTypeLow);
  }

  static ByteBuffer end(ByteBuffer box) {
    if (box.remaining() != TRAILER_BYTES) {
      throw new IllegalStateException("a box is not filled [left=" + box.remaining() + "]");
    }
    box.putInt(box.capacity());
    return box.putInt(crc(box.slice(0, box.position()))).flip();
  }

  /** CRC-32C of what remains in a buffer, which stays as it is. */
  static int crc(ByteBuffer bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.duplicate());
    return (int) crc.getValue();
  }

  /** The body of an intact box of this kind at an offset; empty when none is there. */
  Optional<ByteBuffer> read(FileChannel file, long offset) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(BODY_AT);
    if (!readFully(file, frame, offset)) {
      return Optional.empty();
    }
    int length = frame.getInt(0);
    boolean isOurs =
        frame.getInt(4) == UUID_TYPE
            && frame.getLong(8) == userTypeHigh
            && frame.getLong(16) == userTypeLow;
    if (!isOurs || length < FRAME_BYTES || length > MAX_BYTES) {
      return Optional.empty();
    }
    ByteBuffer box = ByteBuffer.allocate(length);
    if (!readFully(file, box, offset) || box.getInt(length - 4) != crc(box.slice(0, length - 4))) {
      return Optional.empty();
    }
    return Optional.of(box.slice(BODY_AT, length - FRAME_BYTES));
  }

  /** The intact box of this kind that ends at an offset: its own offset. */
  Optional<Long> findBefore(FileChannel file, long endOffset) throws IOException {
    ByteBuffer length = ByteBuffer.allocate(4);
    if (endOffset < FRAME_BYTES || !readFully(file, length, endOffset - TRAILER_BYTES)) {
      return Optional.empty();
    }
    int boxBytes = length.getInt(0);
    if (boxBytes < FRAME_BYTES || boxBytes > endOffset) {
      return Optional.empty();
    }
    long offset = endOffset - boxBytes;
    return read(file, offset).map(body -> offset);
  }

  /** The offset of the next place from {@code from} on that looks like a box of this kind. */
  Optional<Long> search(FileChannel file, long from) throws IOException {
    ByteBuffer window = ByteBuffer.allocate(1 << 16);
    for (long at = from; at + BODY_AT <= file.size(); at += window.capacity() - BODY_AT + 1) {
      window.clear();
      file.read(window, at);
      window.flip();
      for (int i = 0; i + BODY_AT <= window.limit(); i++) {
        if (window.getInt(i + 4) == UUID_TYPE
            && window.getLong(i + 8) == userTypeHigh
            && window.getLong(i + 16) == userTypeLow) {
          return Optional.of(at + i);
        }
      }
    }
    return Optional.empty();
  }

  /** Fills the whole buffer and flips it; false at the end of the file. */
  static boolean readFully(FileChannel file, ByteBuffer target, long offset) throws IOException {
    while (target.hasRemaining()) {
      if (file.read(target, offset + target.position()) < 0) {
        return false;
      }
    }
    target.flip();
    return true;
  }
}
