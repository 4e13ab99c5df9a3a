package dev.halcyon.codecs.cut;

import dev.halcyon.codecs.bitstream.RecoveryEntry;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.VideoFormat;
import dev.halcyon.ring.Ring;
import dev.halcyon.ring.RingCursor;
import java.nio.ByteBuffer;

/**
 * Gives the bytes of {@link RingPiece}s one after another, each payload copied out of the ring only
 * when it is its turn. Holds at most one payload. One thread; closed by whoever made it.
 */
final class RingPieceReader implements AutoCloseable {
  /** Walking over records costs less than finding out anew what is in force. */
  private static final long WALK_BYTES = 1 << 20;

  private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

  private final RingCursor cursor;
  private final boolean isFromBeginning;
  private RecoveryEntry entry = new RecoveryEntry();
  private int epoch = -1;
  private RingPiece piece = RingPiece.NOTHING;
  private ByteBuffer head = RingPiece.NOTHING.head().duplicate();
  private int next;
  private long at = Long.MAX_VALUE;

  /** A payload that did not fit into the target, as far as it was not given yet. */
  private ByteBuffer rest = EMPTY;

  private RingPieceReader(Ring ring, boolean isFromBeginning) {
    this.cursor = ring.cursor();
    this.isFromBeginning = isFromBeginning;
  }

  /** For pieces of which the first begins what is decoded. */
  static RingPieceReader fromBeginning(Ring ring) {
    return new RingPieceReader(ring, true);
  }

  /** For a piece that goes on with what was decoded before. */
  static RingPieceReader further(Ring ring) {
    return new RingPieceReader(ring, false);
  }

  /** Goes on with a piece; the one before is drained. */
  void begin(RingPiece following) {
    piece = following;
    head = following.head().duplicate();
    next = 0;
  }

  boolean isDrained() {
    return !head.hasRemaining() && !rest.hasRemaining() && next == piece.payloads().size();
  }

  /**
   * Fills {@code target}, or drains the piece into it.
   *
   * @throws HalcyonException RING_OVERRUN when a payload is gone
   */
  void read(ByteBuffer target) {
    move(head, target);
    move(rest, target);
    while (target.hasRemaining() && next < piece.payloads().size()) {
      RingPiece.Payload payload = piece.payloads().get(next++);
      if (payload.packet().isMade()) {
        rest = payload.made().asBuffer();
        move(rest, target);
        continue;
      }
      int sizeBytes = payload.packet().sizeBytes();
      walkTo(payload.packet().position());
      if (sizeBytes <= target.remaining()) {
        copy(sizeBytes, target);
      } else {
        rest = ByteBuffer.allocate(sizeBytes);
        copy(sizeBytes, rest);
        rest.flip();
        move(rest, target);
      }
    }
    if (!rest.hasRemaining()) {
      rest = EMPTY;
    }
  }

  private void copy(int sizeBytes, ByteBuffer target) {
    int start = target.position();
    ParameterSets.copy(cursor, sizeBytes, target);
    if (isFromBeginning && cursor.trackConfiguration().format() instanceof VideoFormat format) {
      if (cursor.epoch() != epoch) {
        epoch = cursor.epoch();
        entry = new RecoveryEntry();
      }
      entry.onPicture(format, target.duplicate().flip().position(start));
    }
  }

  private static void move(ByteBuffer from, ByteBuffer target) {
    int length = Math.min(from.remaining(), target.remaining());
    target.put(target.position(), from, from.position(), length);
    target.position(target.position() + length);
    from.position(from.position() + length);
  }

  private void walkTo(long position) {
    if (position <= at || position - at > WALK_BYTES) {
      cursor.seek(position);
    }
    while (true) {
      switch (cursor.next()) {
        case PACKET -> {
          at = cursor.position();
          if (at == position) {
            return;
          }
          if (at > position) {
            throw RingCutter.overrun();
          }
        }
        case CONFIGURATION, EPOCH -> {}
        case NOTHING_YET, OVERRUN -> throw RingCutter.overrun();
        case CLOSED -> throw RingCutter.closed();
      }
    }
  }

  @Override
  public void close() {
    cursor.close();
  }
}
