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

  void write(long tailPosition, long headPosition, long nextSeq, boolean isShrunk) {
    out.clear();
    out.putLong(number)
        .putLong(tailPosition)
        .putLong(headPosition)
        .putLong(nextSeq)
        .putLong(file.capacityBytes())
        .putInt(generation)
        .putInt(isShrunk ? 1 : 0);
    crc.reset();
    crc.update(bytes, 0, RingLayout.CRC_AT);
    out.putInt(RingLayout.CRC_AT, (int) crc.getValue());
    file.headerPage().put(HeaderPage.slotOf(number), bytes);
    number++;
  }
}
