package dev.halcyon.ring;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.zip.CRC32C;

/** Geometry and checkpoints of the header page; drawn in {@link RingLayout}. */
final class HeaderPage {
  private HeaderPage() {}

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
      long capacityBytes,
      int generation,
      boolean isShrunk) {}

  static void writeGeometry(ByteBuffer page, long capacityBytes, long createdWallUs) {
    ByteBuffer out = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(RingLayout.MAGIC_OFFSET, RingLayout.MAGIC);
    out.putInt(RingLayout.VERSION_OFFSET, RingLayout.VERSION);
    out.putInt(RingLayout.HEADER_BYTES_OFFSET, RingLayout.HEADER_BYTES);
    out.putLong(RingLayout.CAPACITY_OFFSET, capacityBytes);
    out.putLong(RingLayout.CREATED_WALL_OFFSET, createdWallUs);
    out.putInt(RingLayout.RECORD_HEADER_BYTES_OFFSET, RingLayout.RECORD_HEADER_BYTES);
    out.putInt(RingLayout.ALIGNMENT_OFFSET, RingLayout.ALIGNMENT);
    out.putInt(RingLayout.GEOMETRY_CRC_OFFSET, checksum(out.array()));
    page.put(0, out.array());
  }

  /**
   * The capacity as created.
   *
   * @throws HalcyonException IO_FAILED, or as the other one
   */
  static long readGeometry(Path path) {
    ByteBuffer start = ByteBuffer.allocate(RingLayout.CACHE_LINE_BYTES);
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      while (start.hasRemaining() && channel.read(start) >= 0) {
        // A file shorter than this leaves zeros, which are no ring's.
      }
    } catch (IOException failure) {
      throw new HalcyonException(
          ErrorCode.IO_FAILED, "cannot read the ring file: " + failure, failure);
    }
    return readGeometry(start);
  }

  /**
   * The capacity as created.
   *
   * @param page at least the first 64 bytes of the file
   * @throws HalcyonException RING_CORRUPT when foreign, damaged, or of another version
   */
  static long readGeometry(ByteBuffer page) {
    byte[] bytes = new byte[64];
    page.get(0, bytes);
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (in.getLong(RingLayout.MAGIC_OFFSET) != RingLayout.MAGIC) {
      throw corrupt("not a ring file");
    }
    int version = in.getInt(RingLayout.VERSION_OFFSET);
    if (version != RingLayout.VERSION) {
      throw corrupt(
          "ring file of version %d, this is version %d".formatted(version, RingLayout.VERSION));
    }
    if (in.getInt(RingLayout.GEOMETRY_CRC_OFFSET) != checksum(bytes)) {
      throw corrupt("the ring file's header is damaged");
    }
    long capacityBytes = in.getLong(RingLayout.CAPACITY_OFFSET);
    boolean isOurs =
        in.getInt(RingLayout.HEADER_BYTES_OFFSET) == RingLayout.HEADER_BYTES
            && in.getInt(RingLayout.RECORD_HEADER_BYTES_OFFSET) == RingLayout.RECORD_HEADER_BYTES
            && in.getInt(RingLayout.ALIGNMENT_OFFSET) == RingLayout.ALIGNMENT
            && capacityBytes >= RingOptions.MIN_CAPACITY_BYTES
            && capacityBytes % RingLayout.PAGE_BYTES == 0;
    if (!isOurs) {
      throw corrupt("the ring file's geometry is not known");
    }
    return capacityBytes;
  }

  /** The newer of the two that are whole; empty when neither is. */
  static Optional<Checkpoint> readCheckpoint(ByteBuffer page, long createdCapacityBytes) {
    Optional<Checkpoint> even = readSlot(page, 0, createdCapacityBytes);
    Optional<Checkpoint> odd = readSlot(page, 1, createdCapacityBytes);
    if (even.isPresent() && odd.isPresent()) {
      return even.get().number > odd.get().number ? even : odd;
    }
    return even.or(() -> odd);
  }

  private static Optional<Checkpoint> readSlot(
      ByteBuffer page, int slot, long createdCapacityBytes) {
    byte[] bytes = new byte[RingLayout.CHECKPOINT_BYTES];
    page.get(slotOf(slot), bytes);
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    Checkpoint read =
        new Checkpoint(
            in.getLong(),
            in.getLong(),
            in.getLong(),
            in.getLong(),
            in.getLong(),
            in.getInt(),
            (in.getInt() & 1) != 0);
    boolean isWhole =
        in.getInt(RingLayout.CRC_AT) == checksum(bytes)
            && read.generation > 0
            && read.capacityBytes >= RingOptions.MIN_CAPACITY_BYTES / 2
            && read.capacityBytes <= createdCapacityBytes
            && read.capacityBytes % RingLayout.ALIGNMENT == 0;
    return isWhole ? Optional.of(read) : Optional.empty();
  }

  static int slotOf(long number) {
    return RingLayout.CHECKPOINT_OFFSET + (int) (number & 1) * RingLayout.CHECKPOINT_BYTES;
  }

  static int checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, RingLayout.CRC_AT);
    return (int) crc.getValue();
  }

  private static HalcyonException corrupt(String message) {
    return new HalcyonException(ErrorCode.RING_CORRUPT, message);
  }
}
