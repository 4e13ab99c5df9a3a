package dev.halcyon.ring;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * What the header page says besides the counters; drawn in {@link RingLayout}.
 *
 * @param version of the file's format, one that is known
 * @param createdCapacityBytes the capacity as created
 * @param createdWallUs wall clock of creation
 * @param checkpoint the newer of the two that are whole; empty when neither is
 */
record HeaderPage(
    int version, long createdCapacityBytes, long createdWallUs, Optional<Checkpoint> checkpoint) {
  /** More than any file system keeps in a file: a larger number is damage. */
  private static final long MAX_CAPACITY_BYTES = 1L << 60;

  /**
   * A place from which the file can be read again.
   *
   * @param number ever growing; the higher of two valid checkpoints counts
   * @param nextSeq the sequence number of the record after {@code headPosition}
   */
  record Checkpoint(
      long number,
      long tailPosition,
      long headPosition,
      long nextSeq,
      long basePosition,
      long capacityBytes,
      int generation,
      boolean isShrunk) {}

  /** The first 64 bytes of a file of this version. */
  static ByteBuffer identityOf(long createdCapacityBytes, long createdWallUs) {
    ByteBuffer out =
        ByteBuffer.allocate(RingLayout.CACHE_LINE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(RingLayout.MAGIC_OFFSET, RingLayout.MAGIC);
    out.putInt(RingLayout.VERSION_OFFSET, RingLayout.VERSION);
    out.putInt(RingLayout.HEADER_BYTES_OFFSET, RingLayout.HEADER_BYTES);
    out.putLong(RingLayout.CAPACITY_OFFSET, createdCapacityBytes);
    out.putLong(RingLayout.CREATED_WALL_OFFSET, createdWallUs);
    out.putInt(RingLayout.RECORD_HEADER_BYTES_OFFSET, RingLayout.RECORD_HEADER_BYTES);
    out.putInt(RingLayout.ALIGNMENT_OFFSET, RingLayout.ALIGNMENT);
    out.putInt(RingLayout.IDENTITY_CRC_OFFSET, checksum(out.array()));
    return out;
  }

  /**
   * Of a file of this version or of one that can be migrated.
   *
   * @param page the file's first 4 KiB; zeros where it is shorter
   * @throws HalcyonException RING_CORRUPT when foreign, damaged, or of another version
   */
  static HeaderPage read(ByteBuffer page) {
    byte[] bytes = new byte[RingLayout.CACHE_LINE_BYTES];
    page.get(0, bytes);
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (in.getLong(RingLayout.MAGIC_OFFSET) != RingLayout.MAGIC) {
      throw corrupt("not a ring file");
    }
    int version = in.getInt(RingLayout.VERSION_OFFSET);
    if (version < RingLayout.OLDEST_VERSION || version > RingLayout.VERSION) {
      throw corrupt(
          "ring file of version %d; known here are versions %d to %d"
              .formatted(version, RingLayout.OLDEST_VERSION, RingLayout.VERSION));
    }
    if (in.getInt(RingLayout.IDENTITY_CRC_OFFSET) != checksum(bytes)) {
      throw corrupt("the ring file's header is damaged");
    }
    long capacityBytes = in.getLong(RingLayout.CAPACITY_OFFSET);
    boolean isOurs =
        in.getInt(RingLayout.HEADER_BYTES_OFFSET) == RingLayout.HEADER_BYTES
            && in.getInt(RingLayout.RECORD_HEADER_BYTES_OFFSET) == RingLayout.RECORD_HEADER_BYTES
            && in.getInt(RingLayout.ALIGNMENT_OFFSET) == RingLayout.ALIGNMENT
            && capacityBytes >= RingOptions.MIN_CAPACITY_BYTES
            && capacityBytes <= MAX_CAPACITY_BYTES
            && capacityBytes % RingLayout.PAGE_BYTES == 0;
    if (!isOurs) {
      throw corrupt("the ring file's geometry is not known");
    }
    return new HeaderPage(
        version,
        capacityBytes,
        in.getLong(RingLayout.CREATED_WALL_OFFSET),
        newer(readSlot(page, 0), readSlot(page, 1)));
  }

  /** Believes no larger capacity than this: there never was a file for it. */
  HeaderPage within(long capacityBytes) {
    return new HeaderPage(
        version,
        Math.min(createdCapacityBytes, capacityBytes & -RingLayout.PAGE_BYTES),
        createdWallUs,
        checkpoint.filter(told -> told.capacityBytes() <= capacityBytes));
  }

  private static Optional<Checkpoint> newer(Optional<Checkpoint> even, Optional<Checkpoint> odd) {
    if (even.isPresent() && odd.isPresent()) {
      return even.get().number > odd.get().number ? even : odd;
    }
    return even.or(() -> odd);
  }

  private static Optional<Checkpoint> readSlot(ByteBuffer page, int slot) {
    byte[] bytes = new byte[RingLayout.CHECKPOINT_BYTES];
    page.get(slotOf(slot), bytes);
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    Checkpoint read =
        new Checkpoint(
            in.getLong(RingLayout.NUMBER_AT),
            in.getLong(RingLayout.CHECKPOINT_TAIL_AT),
            in.getLong(RingLayout.CHECKPOINT_HEAD_AT),
            in.getLong(RingLayout.NEXT_SEQ_AT),
            in.getLong(RingLayout.BASE_AT),
            in.getLong(RingLayout.CAPACITY_AT),
            in.getInt(RingLayout.CHECKPOINT_GENERATION_AT),
            (in.getInt(RingLayout.CHECKPOINT_FLAGS_AT) & RingLayout.SHRUNK) != 0);
    boolean isWhole =
        in.getInt(RingLayout.CRC_AT) == checksum(bytes)
            && read.number >= 0
            && read.number < RingLayout.FURTHEST
            && read.generation > 0
            && read.generation < RingLayout.MOST_GENERATIONS
            && read.basePosition >= 0
            && read.basePosition < RingLayout.FURTHEST
            && read.capacityBytes >= RingOptions.MIN_CAPACITY_BYTES / 2
            && read.capacityBytes <= MAX_CAPACITY_BYTES
            && (read.capacityBytes | read.basePosition) % RingLayout.ALIGNMENT == 0;
    return isWhole ? Optional.of(read) : Optional.empty();
  }

  static int slotOf(long number) {
    return RingLayout.CHECKPOINT_OFFSET + (int) (number & 1) * RingLayout.CHECKPOINT_BYTES;
  }

  private static int checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, RingLayout.CRC_AT);
    return (int) crc.getValue();
  }

  private static HalcyonException corrupt(String message) {
    return new HalcyonException(ErrorCode.RING_CORRUPT, message);
  }
}
