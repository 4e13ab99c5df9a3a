package dev.halcyon.core.handover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.halcyon.core.media.FrameRate;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TimecodeTest {
  private static final FrameRate NTSC = new FrameRate(30_000, 1001);
  private static final FrameRate NTSC_60 = new FrameRate(60_000, 1001);

  @Test
  void dropFrameNumbersPassOverTheFirstOfEachMinuteButTheTenth() {
    Timecode drop = new Timecode(NTSC, true);
    assertEquals("00:00:59;29", drop.format(1799));
    assertEquals("00:01:00;02", drop.format(1800));
    assertEquals("00:09:59;29", drop.format(17_981));
    assertEquals("00:10:00;00", drop.format(17_982));
    assertEquals("01:00:00;00", drop.format(107_892));
    assertEquals("00:01:00;04", new Timecode(NTSC_60, true).format(3600));
    assertEquals("00:01:00:00", new Timecode(NTSC, false).format(1800));
    assertThrows(IllegalArgumentException.class, () -> drop.parse("00:01:00;01"));
  }

  @Test
  void staysWithTheClockForADay() {
    long frames = 24L * 3600 * 30_000 / 1001;
    assertEquals("23:59:59", new Timecode(NTSC, true).format(frames - 3).substring(0, 8));
    assertEquals("00:00:00;00", new Timecode(NTSC, true).format(144 * 17_982));
  }

  @Test
  void everyNumberIsReadBack() {
    List<Timecode> all =
        List.of(
            new Timecode(NTSC, true),
            new Timecode(NTSC_60, true),
            new Timecode(NTSC, false),
            new Timecode(new FrameRate(24_000, 1001), false),
            new Timecode(new FrameRate(25, 1), false));
    for (Timecode timecode : all) {
      Random random = new Random(5);
      for (long frame = 0; frame < 40_000; frame++) {
        assertEquals(frame, timecode.parse(timecode.format(frame)), timecode + ", seed 5");
        long far = random.nextLong(24L * 3600 * 23);
        assertEquals(far, timecode.parse(timecode.format(far)), timecode + ", seed 5");
      }
    }
  }

  @Test
  void refusesWhatIsNoTimecode() {
    for (String bad : List.of("", "1:2:3:4", "24:00:00:00", "00:60:00:00", "00:00:00:30", "x")) {
      assertThrows(IllegalArgumentException.class, () -> new Timecode(NTSC, false).parse(bad), bad);
    }
    assertThrows(IllegalArgumentException.class, () -> new Timecode(new FrameRate(25, 1), true));
  }

  @Test
  void rareRatesGoToOnesThatEditorsKnow() {
    assertEquals(NTSC, HandoverRates.nearest(new FrameRate(2997, 100)));
    assertEquals(new FrameRate(30, 1), HandoverRates.nearest(new FrameRate(15, 1)));
    assertEquals(new FrameRate(25, 1), HandoverRates.nearest(new FrameRate(25, 2)));
    assertEquals(new FrameRate(24_000, 1001), HandoverRates.nearest(new FrameRate(23_976, 1000)));
    assertEquals(new FrameRate(60, 1), HandoverRates.nearest(new FrameRate(120, 1)));
    assertEquals(NTSC_60, HandoverRates.nearest(NTSC_60));
  }
}
