package dev.halcyon.ring;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * A record's header on the heap: filled before it is written, or read out of the mapping before it
 * is looked at. One thread.
 *
 * <p>It is kept and stored as eight longs. A processor passes a value from a store to a later load
 * only where the load lies within that one store; a wider load waits until all stores before it
 * have left for the cache, which behind a payload takes as long as the copy did.
 */
final class RecordHeader {
  /**
   * A payload is stored and summed by pieces, so that one piece's checksum is computed while the
   * stores of the one before leave for the memory; the last piece is one to two of these. Seven of
   * the blocks of 256 bytes that the CRC goes by: of all lengths tried the one with the least bad
   * case, over packets of 1 KiB to 1 MiB (see bench/README.md).
   */
  private static final int PIECE_BYTES = 7 * 256;

  private static final int KIND_SHIFT = RingLayout.KIND_AT * Byte.SIZE;
  private static final int TRACK_SHIFT = RingLayout.TRACK_AT * Byte.SIZE;
  private static final int FLAGS_SHIFT = RingLayout.FLAGS_AT * Byte.SIZE;
  private static final long LOW_INT = 0xffff_ffffL;

  private final byte[] bytes = new byte[RingLayout.RECORD_HEADER_BYTES];
  private final ByteBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  private final CRC32C crc = new CRC32C();
  private final byte[] chunk = new byte[4096];

  /** Length, kind, track and flags. */
  private long shape;

  private long position;
  private long seq;
  private long ptsUs;
  private long dtsUs;
  private long arrivalUs;

  /** Duration and generation. */
  private long origin;

  /** Epoch and checksum. */
  private long seal;

  /** Sets what is not stamped by the writer itself. */
  void describe(
      byte kind, int track, short flags, long ptsUs, long dtsUs, long durationUs, long arrivalUs) {
    shape =
        ((long) kind << KIND_SHIFT)
            | ((long) (track & 0xff) << TRACK_SHIFT)
            | ((long) flags << FLAGS_SHIFT);
    this.ptsUs = ptsUs;
    this.dtsUs = dtsUs;
    this.arrivalUs = arrivalUs;
    origin = durationUs & LOW_INT;
  }

  void stamp(long position, long seq, int generation, int epoch, int payloadLength) {
    shape = (shape & ~LOW_INT) | payloadLength;
    this.position = position;
    this.seq = seq;
    origin = (origin & LOW_INT) | ((long) generation << Integer.SIZE);
    seal = epoch & LOW_INT;
  }

  void seal(int checksum) {
    seal = (seal & LOW_INT) | ((long) checksum << Integer.SIZE);
  }

  /** CRC-32C of this header and of {@code length} bytes of the payload from {@code from}. */
  int checksum(ByteBuffer payload, int from, int length) {
    beginChecksum();
    if (kind() != RingLayout.PADDING) {
      update(payload, from, length);
    }
    return checksum();
  }

  /** Stores a whole record: the payload, from position to limit, and then this header, sealed. */
  void writeWith(ByteBuffer payload, ByteBuffer window, int index) {
    int from = payload.position();
    int to = index + RingLayout.RECORD_HEADER_BYTES;
    int length = payload.remaining();
    beginChecksum();
    for (int done = 0; done < length; ) {
      int left = length - done;
      int piece = left < 2 * PIECE_BYTES ? left : PIECE_BYTES;
      window.put(to + done, payload, from + done, piece);
      update(payload, from + done, piece);
      done += piece;
    }
    seal(checksum());
    copyTo(window, index);
  }

  /** Starts a checksum with this header's part; {@link #update} goes on with the payload's. */
  void beginChecksum() {
    copyTo(view, 0);
    crc.reset();
    crc.update(bytes, 0, RingLayout.CRC_AT);
  }

  /** What was summed since {@link #beginChecksum}. */
  int checksum() {
    return (int) crc.getValue();
  }

  void update(ByteBuffer payload, int from, int length) {
    if (length == 0) {
      return;
    }
    if (payload.hasArray()) {
      crc.update(payload.array(), payload.arrayOffset() + from, length);
    } else if (payload.isDirect()) {
      updateDirect(payload, from, length);
    } else {
      updateByChunks(payload, from, length);
    }
  }

  private void updateDirect(ByteBuffer payload, int from, int length) {
    int position = payload.position();
    int limit = payload.limit();
    payload.limit(from + length).position(from);
    crc.update(payload);
    payload.limit(limit).position(position);
  }

  /** A read-only heap buffer: {@code CRC32C.update} would allocate. */
  private void updateByChunks(ByteBuffer payload, int from, int length) {
    for (int done = 0; done < length; ) {
      int part = Math.min(chunk.length, length - done);
      payload.get(from + done, chunk, 0, part);
      crc.update(chunk, 0, part);
      done += part;
    }
  }

  /** Stores the header; {@code window} is little-endian, as that of {@link #copyFrom}. */
  void copyTo(ByteBuffer window, int index) {
    window.putLong(index, shape);
    window.putLong(index + RingLayout.POSITION_AT, position);
    window.putLong(index + RingLayout.SEQ_AT, seq);
    window.putLong(index + RingLayout.PTS_AT, ptsUs);
    window.putLong(index + RingLayout.DTS_AT, dtsUs);
    window.putLong(index + RingLayout.ARRIVAL_AT, arrivalUs);
    window.putLong(index + RingLayout.DURATION_AT, origin);
    window.putLong(index + RingLayout.EPOCH_AT, seal);
  }

  void copyFrom(ByteBuffer window, int index) {
    shape = window.getLong(index);
    position = window.getLong(index + RingLayout.POSITION_AT);
    seq = window.getLong(index + RingLayout.SEQ_AT);
    ptsUs = window.getLong(index + RingLayout.PTS_AT);
    dtsUs = window.getLong(index + RingLayout.DTS_AT);
    arrivalUs = window.getLong(index + RingLayout.ARRIVAL_AT);
    origin = window.getLong(index + RingLayout.DURATION_AT);
    seal = window.getLong(index + RingLayout.EPOCH_AT);
  }

  /** Whether the fields can be those of a record at {@code expectedPosition}. */
  boolean isPlausible(long expectedPosition, long offset, long capacityBytes) {
    int length = payloadLength();
    byte kind = kind();
    return position() == expectedPosition
        && kind >= RingLayout.PACKET
        && kind <= RingLayout.PADDING
        && length >= 0
        && (kind == RingLayout.PADDING || length <= RingLayout.MAX_PAYLOAD_BYTES)
        && offset + RingLayout.recordBytes(length) <= capacityBytes;
  }

  int payloadLength() {
    return (int) shape;
  }

  byte kind() {
    return (byte) (shape >> KIND_SHIFT);
  }

  int track() {
    return (byte) (shape >> TRACK_SHIFT);
  }

  boolean has(short flag) {
    return (shape >> FLAGS_SHIFT & flag) != 0;
  }

  long position() {
    return position;
  }

  long seq() {
    return seq;
  }

  long ptsUs() {
    return ptsUs;
  }

  long dtsUs() {
    return dtsUs;
  }

  /** A packet's pts; of other records the stream time at which they stand. */
  long streamUs() {
    return kind() == RingLayout.PACKET ? ptsUs : dtsUs;
  }

  long arrivalUs() {
    return arrivalUs;
  }

  long durationUs() {
    return origin & LOW_INT;
  }

  int generation() {
    return (int) (origin >> Integer.SIZE);
  }

  int epoch() {
    return (int) seal;
  }

  int crc() {
    return (int) (seal >> Integer.SIZE);
  }

  /** Where the record ends, as a position. */
  long endPosition() {
    return position + RingLayout.recordBytes(payloadLength());
  }
}
