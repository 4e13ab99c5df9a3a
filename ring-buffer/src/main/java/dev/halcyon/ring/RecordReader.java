package dev.halcyon.ring;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;

/**
 * Copies records out of the mapping while the writer may be overwriting them, and says which copies
 * are right. One thread; throws {@code IllegalStateException} once the file is closed.
 */
final class RecordReader {
  /** What was found at a position. */
  enum Found {
    /** A record, whose header was copied and validated. */
    RECORD,
    /** Too short a rest of the lap: the next record is at {@link #nextPosition}. */
    END_OF_LAP,
    /** It is not held any more. */
    OVERWRITTEN
  }

  private final RingFile file;
  private final RecordHeader header = new RecordHeader();
  private long nextPosition;

  RecordReader(RingFile file) {
    this.file = file;
  }

  /** That of the record read last. */
  RecordHeader header() {
    return header;
  }

  /** Where the next record is, after RECORD and END_OF_LAP. */
  long nextPosition() {
    return nextPosition;
  }

  /**
   * Looks at a position before the committed one.
   *
   * @throws HalcyonException RING_CORRUPT when there is no record at the place
   */
  Found read(long position) {
    while (true) {
      // Taken after the commit was seen: it is that by which the record was laid, or a later one.
      Geometry geometry = file.geometry();
      if (position >= geometry.basePosition()) {
        long offset = geometry.offsetOf(position);
        long room = geometry.capacityBytes() - offset;
        if (room < RingLayout.RECORD_HEADER_BYTES) {
          nextPosition = position + room;
          return Found.END_OF_LAP;
        }
        header.copyFrom(geometry.mapping().windowOf(offset), Mapping.indexOf(offset));
        if (file.isIntact(position)) {
          requirePlausible(position, offset, geometry);
          nextPosition = header.endPosition();
          return Found.RECORD;
        }
      }
      if (position < file.tail()) {
        return Found.OVERWRITTEN;
      }
    }
  }

  private void requirePlausible(long position, long offset, Geometry geometry) {
    if (!header.isPlausible(position, offset, geometry.capacityBytes())) {
      throw new HalcyonException(
          ErrorCode.RING_CORRUPT, "no record at the position [position=" + position + "]");
    }
  }

  /** As {@link RingCursor#copyPayload} says; false when overtaken. */
  boolean copyPayload(ByteBuffer target) {
    int length = header.payloadLength();
    if (target.remaining() < length) {
      throw new BufferOverflowException();
    }
    long position = header.position();
    int at = target.position();
    header.beginChecksum();
    while (!copied(position, target, at, length)) {
      if (position < file.tail()) {
        return false;
      }
    }
    header.update(target, at, length);
    if (header.checksum() != header.crc()) {
      throw new HalcyonException(
          ErrorCode.RING_CORRUPT, "a packet's checksum is wrong [position=" + position + "]");
    }
    target.position(at + length);
    return true;
  }

  private boolean copied(long position, ByteBuffer target, int at, int length) {
    Geometry geometry = file.geometry();
    if (position < geometry.basePosition()) {
      return false;
    }
    long offset = geometry.offsetOf(position);
    int index = Mapping.indexOf(offset) + RingLayout.RECORD_HEADER_BYTES;
    target.put(at, geometry.mapping().windowOf(offset), index, length);
    return file.isIntact(position);
  }
}
