package dev.halcyon.ring;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * A record's header on the heap: filled before it is written, or copied out of the mapping before
 * it is looked at. One thread.
 */
final class RecordHeader {
  private final byte[] bytes = new byte[RingLayout.RECORD_HEADER_BYTES];
  private final ByteBuffer view = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  private final CRC32C crc = new CRC32C();
  private final byte[] chunk = new byte[4096];

  /** Sets what is not stamped by the writer itself. */
  void describe(
      byte kind, int track, short flags, long ptsUs, long dtsUs, long durationUs, long arrivalUs) {
    view.put(RingLayout.KIND_AT, kind);
    view.put(RingLayout.TRACK_AT, (byte) track);
    view.putShort(RingLayout.FLAGS_AT, flags);
    view.putLong(RingLayout.PTS_AT, ptsUs);
    view.putLong(RingLayout.DTS_AT, dtsUs);
    view.putLong(RingLayout.ARRIVAL_AT, arrivalUs);
    view.putInt(RingLayout.DURATION_AT, (int) durationUs);
  }

  void stamp(long position, long seq, int generation, int epoch, int payloadLength) {
    view.putLong(RingLayout.POSITION_AT, position);
    view.putLong(RingLayout.SEQ_AT, seq);
    view.putInt(RingLayout.GENERATION_AT, generation);
    view.putInt(RingLayout.EPOCH_AT, epoch);
    view.putInt(RingLayout.LENGTH_AT, payloadLength);
  }

  void seal(int checksum) {
    view.putInt(RingLayout.CRC_AT, checksum);
  }

  /** CRC-32C of this header and of {@code length} bytes of the payload from {@code from}. */
  int checksum(ByteBuffer payload, int from, int length) {
    crc.reset();
    crc.update(bytes, 0, RingLayout.CRC_AT);
    if (kind() != RingLayout.PADDING) {
      update(payload, from, length);
    }
    return (int) crc.getValue();
  }

  private void update(ByteBuffer payload, int from, int length) {
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

  void copyTo(ByteBuffer window, int index) {
    window.put(index, bytes);
  }

  void copyFrom(ByteBuffer window, int index) {
    window.get(index, bytes);
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
    return view.getInt(RingLayout.LENGTH_AT);
  }

  byte kind() {
    return view.get(RingLayout.KIND_AT);
  }

  int track() {
    return view.get(RingLayout.TRACK_AT);
  }

  boolean has(short flag) {
    return (view.getShort(RingLayout.FLAGS_AT) & flag) != 0;
  }

  long position() {
    return view.getLong(RingLayout.POSITION_AT);
  }

  long seq() {
    return view.getLong(RingLayout.SEQ_AT);
  }

  long ptsUs() {
    return view.getLong(RingLayout.PTS_AT);
  }

  long dtsUs() {
    return view.getLong(RingLayout.DTS_AT);
  }

  /** A packet's pts; of other records the stream time at which they stand. */
  long streamUs() {
    return kind() == RingLayout.PACKET ? ptsUs() : dtsUs();
  }

  long arrivalUs() {
    return view.getLong(RingLayout.ARRIVAL_AT);
  }

  long durationUs() {
    return Integer.toUnsignedLong(view.getInt(RingLayout.DURATION_AT));
  }

  int generation() {
    return view.getInt(RingLayout.GENERATION_AT);
  }

  int epoch() {
    return view.getInt(RingLayout.EPOCH_AT);
  }

  int crc() {
    return view.getInt(RingLayout.CRC_AT);
  }

  /** Where the record ends, as a position. */
  long endPosition() {
    return position() + RingLayout.recordBytes(payloadLength());
  }
}
