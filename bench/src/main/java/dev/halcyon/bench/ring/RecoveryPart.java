package dev.halcyon.bench.ring;

import dev.halcyon.bench.Part;
import dev.halcyon.bench.Table;
import dev.halcyon.ring.RecoveryReport;
import dev.halcyon.ring.Ring;
import dev.halcyon.ring.RingOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;

/** How long a full ring takes to open whose pages are in memory. */
final class RecoveryPart implements Part {
  private static final int TARGET_MS_PER_GIB = 1000;
  private static final int PACKET_BYTES = 6 << 10;
  private static final double GIB = 1 << 30;

  @Override
  public String name() {
    return "recovery";
  }

  @Override
  public Figures measure(Setting setting) throws IOException {
    long bytes = setting.pick(8L << 20, 96L << 20, 1L << 30);
    int rounds = setting.pick(1, 2, 7);
    Path file = setting.dir().resolve("recovery");
    RingOptions options = new RingOptions(bytes, BenchRing.UNLIMITED_US);
    long appended = leaveFullRing(file, options);
    long openNs = Long.MAX_VALUE;
    long limitNs = Long.MAX_VALUE;
    RecoveryReport report = null;
    for (int round = 0; round < rounds; round++) {
      limitNs = Math.min(limitNs, checksumNs(file));
      long startNs = System.nanoTime();
      try (Ring ring = Ring.open(file, options)) {
        openNs = Math.min(openNs, System.nanoTime() - startNs);
        report = ring.recovery();
      }
    }
    Files.delete(file);
    return figures(bytes, appended, openNs, limitNs, report);
  }

  /** As a killed process leaves it; the file that is closed would be taken away. */
  private static long leaveFullRing(Path file, RingOptions options) throws IOException {
    Path written = file.resolveSibling("recovery-written");
    try (BenchRing ring = new BenchRing(written, options)) {
      ByteBuffer payload = ByteBuffer.allocateDirect(PACKET_BYTES);
      ring.fillLap(payload);
      Files.createLink(file, written);
      return ring.frames();
    }
  }

  /** The limit: no recovery verifies faster than the checksum of all bytes is computed. */
  private static long checksumNs(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      ByteBuffer bytes = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
      CRC32C crc = new CRC32C();
      long startNs = System.nanoTime();
      crc.update(bytes);
      return System.nanoTime() - startNs;
    }
  }

  private static Figures figures(
      long bytes, long appended, long openNs, long limitNs, RecoveryReport report) {
    double openMs = openNs / 1e6 * GIB / bytes;
    double limitMs = limitNs / 1e6 * GIB / bytes;
    Table table =
        new Table(
            "ring", "records kept", "open ms a GiB", "target ms", "CRC-32C alone ms", "ratio");
    table.row(
        Cells.bytes(bytes),
        String.valueOf(report.keptRecords()),
        Cells.number(openMs),
        String.valueOf(TARGET_MS_PER_GIB),
        Cells.number(limitMs),
        Cells.number(openMs / limitMs));
    JsonArray rows =
        new JsonArray()
            .add(
                new JsonObject()
                    .put("ring_bytes", bytes)
                    .put("kept_records", report.keptRecords())
                    .put("appended_packets", appended)
                    .put("open_ms_per_gib", openMs)
                    .put("crc_ms_per_gib", limitMs));
    List<String> failures =
        report.lostBytes() == 0
            ? List.of()
            : List.of(
                "recovery lost %d bytes of a ring in good order".formatted(report.lostBytes()));
    return new Figures(
        "Opening a full ring of 6 KiB packets, pages in memory", table, rows, failures);
  }
}
