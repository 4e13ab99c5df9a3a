package dev.halcyon.codecs.session;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The end of a closed file: its fragments. See {@link OwnBox} for its frame. All fields are
 * big-endian.
 *
 * <pre>
 *   body  bytes
 *   0     8      nonce of the file
 *   8     4      count of fragments
 *   12    4      zero
 *   16    64·n   fragments:
 *                  0   8   offset in the file
 *                  8   4   length
 *                  12  1   seam
 *                  13  1   1 when decoding can begin with it
 *                  14  2   zero
 *                  16  8   the earliest pts, stream time in µs
 *                  24  8   the latest end, stream time in µs
 *                  32  8   pts of the packet that arrived first, stream time in µs
 *                  40  8   its dts, stream time in µs
 *                  48  8   its arrival, wall clock in µs since 1970
 *                  56  4   count of packets
 *                  60  4   bytes of payload
 * </pre>
 */
final class IndexBox {
  private static final int FIXED_BYTES = 16;
  private static final int FRAGMENT_BYTES = 64;

  private IndexBox() {}

  static ByteBuffer write(long nonce, List<Fragment> fragments) {
    ByteBuffer box = OwnBox.INDEX.begin(FIXED_BYTES + FRAGMENT_BYTES * fragments.size());
    box.putLong(nonce).putInt(fragments.size()).putInt(0);
    for (Fragment fragment : fragments) {
      box.putLong(fragment.offset()).putInt(fragment.lengthBytes());
      box.put((byte) fragment.seam().id()).put((byte) (fragment.isStart() ? 1 : 0));
      box.putShort((short) 0).putLong(fragment.fromUs()).putLong(fragment.toUs());
      box.putLong(fragment.startUs()).putLong(fragment.startDtsUs());
      box.putLong(fragment.arrivalUs());
      box.putInt(fragment.packetCount()).putInt((int) fragment.mediaBytes());
    }
    return OwnBox.end(box);
  }

  /** The fragments of a closed file; empty when the file does not end with an intact index. */
  static Optional<List<Fragment>> find(FileChannel file, long nonce) throws IOException {
    Optional<Long> offset = OwnBox.INDEX.findBefore(file, file.size());
    return offset.isEmpty()
        ? Optional.empty()
        : OwnBox.INDEX.read(file, offset.get()).flatMap(body -> read(body, nonce));
  }

  /** Empty when it belongs to another file, or is not what we write. */
  static Optional<List<Fragment>> read(ByteBuffer body, long nonce) {
    if (body.remaining() < FIXED_BYTES
        || body.getLong(0) != nonce
        || body.remaining() != FIXED_BYTES + (long) FRAGMENT_BYTES * body.getInt(8)) {
      return Optional.empty();
    }
    List<Fragment> fragments = new ArrayList<>(body.getInt(8));
    for (int at = FIXED_BYTES; at < body.remaining(); at += FRAGMENT_BYTES) {
      fragments.add(
          new Fragment(
              body.getLong(at),
              body.getInt(at + 8),
              body.get(at + 13) != 0,
              Seam.ofId(body.get(at + 12)),
              body.getLong(at + 16),
              body.getLong(at + 24),
              body.getLong(at + 32),
              body.getLong(at + 40),
              body.getLong(at + 48),
              body.getInt(at + 56),
              body.getInt(at + 60)));
    }
    return Optional.of(fragments);
  }
}
