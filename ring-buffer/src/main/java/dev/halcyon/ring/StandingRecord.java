package dev.halcyon.ring;

import java.nio.ByteBuffer;

/** Looks at records where they stand in the file, while nobody writes there. One thread. */
final class StandingRecord {
  private final Mapping mapping;
  private final RecordHeader header = new RecordHeader();
  private long vainBytes;

  StandingRecord(Mapping mapping) {
    this.mapping = mapping;
  }

  /** The last one that was looked at. */
  RecordHeader header() {
    return header;
  }

  boolean isWhole(long position, Geometry geometry) {
    return position >= geometry.basePosition()
        && position % RingLayout.ALIGNMENT == 0
        && isWhole(position, geometry.offsetOf(position), geometry.capacityBytes());
  }

  /** Whether a record of this position stands whole at the offset of a lap of this length. */
  boolean isWhole(long position, long offset, long lapBytes) {
    if (lapBytes - offset < RingLayout.RECORD_HEADER_BYTES) {
      return false;
    }
    ByteBuffer window = mapping.windowOf(offset);
    int index = Mapping.indexOf(offset);
    header.copyFrom(window, index);
    if (!header.isPlausible(position, offset, lapBytes) || !hasRoomToGoOn()) {
      return false;
    }
    int length = header.payloadLength();
    boolean isWhole =
        header.checksum(window, index + RingLayout.RECORD_HEADER_BYTES, length) == header.crc();
    vainBytes += isWhole || header.kind() == RingLayout.PADDING ? 0 : length;
    return isWhole;
  }

  /** No ring comes so far; a file that says so would leave its next writer nowhere to go. */
  private boolean hasRoomToGoOn() {
    return header.position() < RingLayout.FURTHEST
        && header.seq() >= 0
        && header.seq() < RingLayout.FURTHEST
        && header.generation() > 0
        && header.generation() < RingLayout.MOST_GENERATIONS
        && header.epoch() >= -1
        && header.epoch() < RingLayout.MOST_EPOCHS;
  }

  /**
   * How much was summed up for nothing. A search gives up above a few times the file's length:
   * payloads come from strangers and may be full of what looks like long records.
   */
  long vainBytes() {
    return vainBytes;
  }
}
