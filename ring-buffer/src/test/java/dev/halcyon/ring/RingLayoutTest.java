package dev.halcyon.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RingLayoutTest {
  @TempDir Path folder;

  /** A ring with one epoch and one packet of three bytes, as the bytes of its file. */
  private ByteBuffer file() throws Exception {
    Path path = folder.resolve("ring");
    try (Ring ring = Ring.create(path, TestRings.options(64 << 10));
        RingWriter writer = ring.writer()) {
      writer.beginEpoch(7, 11, 12);
      writer.configure(TestRings.AUDIO);
      writer.append(1, true, 21, 20, 22, 23, ByteBuffer.wrap(new byte[] {1, 2, 3}));
    }
    return ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int crc(ByteBuffer file, int from, int skipped, int payloadFrom, int length) {
    CRC32C crc = new CRC32C();
    crc.update(file.slice(from, skipped));
    crc.update(file.slice(payloadFrom, length));
    return (int) crc.getValue();
  }

  @Test
  void headerPageIsAsDrawn() throws Exception {
    ByteBuffer file = file();
    assertEquals(4096 + (64 << 10), file.capacity());
    assertEquals("HLCYRING", StandardCharsets.US_ASCII.decode(file.slice(0, 8)).toString());
    assertEquals(2, file.getInt(8));
    assertEquals(4096, file.getInt(12));
    assertEquals(64 << 10, file.getLong(16));
    assertEquals(64, file.getInt(32));
    assertEquals(8, file.getInt(36));
    assertEquals(crc(file, 0, 60, 0, 0), file.getInt(60));
  }

  @Test
  void countersStandAloneInTheirCacheLines() throws Exception {
    ByteBuffer file = file();
    assertEquals(64 + 80 + 72, file.getLong(256), "reserved");
    assertEquals(64 + 80 + 72, file.getLong(384), "committed");
    assertEquals(0, file.getLong(512), "tail");
    assertTrue(RingLayout.RESERVED_OFFSET % 128 == 0 && RingLayout.COMMITTED_OFFSET % 128 == 0);
  }

  @Test
  void checkpointsAreAsDrawn() throws Exception {
    ByteBuffer file = file();
    assertEquals(0, file.getLong(128), "number");
    assertEquals(0, file.getLong(128 + 8), "tail");
    assertEquals(0, file.getLong(128 + 16), "head");
    assertEquals(0, file.getLong(128 + 24), "next seq");
    assertEquals(64 << 10, file.getLong(128 + 32), "capacity");
    assertEquals(1, file.getInt(128 + 40), "generation");
    assertEquals(0, file.getInt(128 + 44), "flags");
    assertEquals(0, file.getLong(128 + 48), "base");
    assertEquals(crc(file, 128, 60, 0, 0), file.getInt(128 + 60));
  }

  @Test
  void recordsAreAsDrawn() throws Exception {
    ByteBuffer file = file();
    int epoch = 4096;
    assertEquals(3, file.get(epoch + 4), "kind");
    assertEquals(11, file.getLong(epoch + 24), "anchor, stream time");
    assertEquals(12, file.getLong(epoch + 40), "anchor, wall clock");
    int configuration = epoch + 64;
    assertEquals(14, file.getInt(configuration), "payload length");
    assertEquals(2, file.get(configuration + 4), "kind");
    assertEquals(1, file.get(configuration + 64), "form");
    assertEquals(64, file.get(configuration + 65), "codec id of AAC");
    assertEquals(48_000, file.getInt(configuration + 68));
    assertEquals(2, file.getInt(configuration + 72));
    int packet = configuration + 80;
    assertEquals(3, file.getInt(packet), "payload length");
    assertEquals(1, file.get(packet + 4), "kind");
    assertEquals(1, file.get(packet + 5), "track");
    assertEquals(1, file.getShort(packet + 6), "flags");
    assertEquals(64 + 80, file.getLong(packet + 8), "position");
    assertEquals(2, file.getLong(packet + 16), "seq");
    assertEquals(21, file.getLong(packet + 24), "pts");
    assertEquals(20, file.getLong(packet + 32), "dts");
    assertEquals(23, file.getLong(packet + 40), "arrival");
    assertEquals(22, file.getInt(packet + 48), "duration");
    assertEquals(1, file.getInt(packet + 52), "generation");
    assertEquals(7, file.getInt(packet + 56), "epoch");
    assertEquals(crc(file, packet, 60, packet + 64, 3), file.getInt(packet + 60));
    assertEquals(3, file.get(packet + 66));
  }

  @Test
  void recordsAreAlignedToEightBytes() {
    assertEquals(64, RingLayout.recordBytes(0));
    assertEquals(72, RingLayout.recordBytes(1));
    assertEquals(72, RingLayout.recordBytes(8));
    assertEquals(80, RingLayout.recordBytes(9));
  }
}
