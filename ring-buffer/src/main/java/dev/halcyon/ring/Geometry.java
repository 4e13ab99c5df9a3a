package dev.halcyon.ring;

/**
 * Where positions lie in the file. Positions never change; when the ring is resized, another
 * geometry takes over for all that is held, at a moment when each held record has the same place in
 * both. Immutable; the writer replaces it, see {@link RingFile#use}.
 */
final class Geometry {
  private final long basePosition;
  private final long capacityBytes;
  private final Mapping mapping;

  /**
   * @param basePosition where laps are counted from: a lap's start, and no held record is older
   * @param capacityBytes bytes of records in one lap
   * @param mapping covers the lap
   */
  Geometry(long basePosition, long capacityBytes, Mapping mapping) {
    this.basePosition = basePosition;
    this.capacityBytes = capacityBytes;
    this.mapping = mapping;
  }

  long basePosition() {
    return basePosition;
  }

  long capacityBytes() {
    return capacityBytes;
  }

  Mapping mapping() {
    return mapping;
  }

  /** Of a position that is not before the base: bytes from its lap's start. */
  long offsetOf(long position) {
    return (position - basePosition) % capacityBytes;
  }

  /** Whether so much lies between the base and the position that the lap began anew. */
  boolean hasWrappedAt(long position) {
    return position - basePosition >= capacityBytes;
  }
}
