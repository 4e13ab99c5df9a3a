package dev.halcyon.verticles.ingest.whip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TransportFeedbackTest {
  private static final long MS = 1_000_000;

  private final TransportFeedback feedback = new TransportFeedback(0);

  /**
   * Sequence numbers and when they came, in quarters of milliseconds, as a publisher reads them.
   */
  private static Map<Integer, Long> read(byte[] report) {
    ByteBuffer in = ByteBuffer.wrap(report);
    assertEquals(0x8f, report[0] & 0xff);
    assertEquals(205, report[1] & 0xff);
    assertEquals(report.length, 4 * (in.getShort(2) + 1));
    int base = in.getShort(12) & 0xffff;
    int count = in.getShort(14) & 0xffff;
    long ticks = (in.getInt(16) >>> 8) * 256L;
    int deltaAt = 20 + 2 * ((count + 6) / 7);
    Map<Integer, Long> came = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      int chunk = in.getShort(20 + 2 * (i / 7));
      switch ((chunk >> (2 * (6 - i % 7))) & 3) {
        case 1 -> ticks += in.get(deltaAt++) & 0xff;
        case 2 -> {
          ticks += in.getShort(deltaAt);
          deltaAt += 2;
        }
        default -> {
          continue;
        }
      }
      came.put((base + i) & 0xffff, ticks);
    }
    assertTrue(report.length - deltaAt < 4, "bytes left over");
    return came;
  }

  @Test
  void tellsWhenEachPacketCame() {
    feedback.onPacket(65_534, 70 * MS);
    feedback.onPacket(0, 71 * MS);
    feedback.onPacket(65_535, 72 * MS);
    feedback.onPacket(4, 400 * MS);
    assertEquals(
        Map.of(65_534, 280L, 65_535, 288L, 0, 284L, 4, 1_600L),
        read(feedback.report(1, 2).orElseThrow()));
    assertTrue(feedback.report(1, 2).isEmpty());
    feedback.onPacket(2, 401 * MS);
    assertTrue(feedback.report(1, 2).isEmpty(), "reported as lost before");
    feedback.onPacket(5, 401 * MS);
    assertEquals(Map.of(5, 1_604L), read(feedback.report(1, 2).orElseThrow()));
  }

  @Test
  void reportsAsManyAsComeAndNoMore() {
    for (int i = 0; i < 512; i++) {
      feedback.onPacket(i, i * MS);
    }
    Map<Integer, Long> came = read(feedback.report(1, 2).orElseThrow());
    assertEquals(512, came.size());
    came.forEach((sequence, ticks) -> assertEquals(4L * sequence, ticks));
    for (int i = 0; i < 5_000; i += 3) {
      feedback.onPacket((1_000 + i) & 0xffff, 600 * MS + i);
    }
    assertTrue(read(feedback.report(1, 2).orElseThrow()).size() <= 512);
  }

  @Test
  void goesOnInTheNextReportAfterALongPause() {
    feedback.onPacket(1, 0);
    feedback.onPacket(2, 60_000 * MS);
    assertEquals(Map.of(1, 0L), read(feedback.report(1, 2).orElseThrow()));
    assertEquals(Map.of(2, 240_000L), read(feedback.report(1, 2).orElseThrow()));
  }
}
