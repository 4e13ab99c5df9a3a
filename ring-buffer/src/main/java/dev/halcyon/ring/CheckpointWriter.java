package dev.halcyon.ring;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/** Stores checkpoints in alternating slots without allocating. One thread. */
final class CheckpointWriter {
  private final byte[] bytes = new byte[RingLayout.CHECKPOINT_BYTES];
  private final ByteBuffer out = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  private final CRC32C crc = new CRC32C();
  private final RingFile file;
  private final int generation;
  private long number;

  CheckpointWriter(RingFile file, int generation, long firstNumber) {
    this.file = file;
    this.generation = generation;
    this.number = firstNumber;
  }

  void write(
      long tailPosition, long headPosition, long nextSeq, Geometry geometry, boolean isShrunk) {
    out.putLong(RingLayout.NUMBER_AT, number);
    out.putLong(RingLayout.CHECKPOINT_TAIL_AT, tailPosition);
    out.putLong(RingLayout.CHECKPOINT_HEAD_AT, headPosition);
    out.putLong(RingLayout.NEXT_SEQ_AT, nextSeq);
    out.putLong(RingLayout.CAPACITY_AT, geometry.capacityBytes());
    out.putInt(RingLayout.CHECKPOINT_GENERATION_AT, generation);
    out.putInt(RingLayout.CHECKPOINT_FLAGS_AT, isShrunk ? RingLayout.SHRUNK : 0);
    out.putLong(RingLayout.BASE_AT, geometry.basePosition());
    crc.reset();
    crc.update(bytes, 0, RingLayout.CRC_AT);
    out.putInt(RingLayout.CRC_AT, (int) crc.getValue());
    file.headerPage().put(HeaderPage.slotOf(number), bytes);
    number++;
  }

  /**
   * Stores a change of geometry in both slots, so that none of the two says the old one once there
   * are records laid by the new one.
   */
  void writeTwice(
      long tailPosition, long headPosition, long nextSeq, Geometry geometry, boolean isShrunk) {
    write(tailPosition, headPosition, nextSeq, geometry, isShrunk);
    write(tailPosition, headPosition, nextSeq, geometry, isShrunk);
  }
}
