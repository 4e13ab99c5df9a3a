package dev.halcyon.verticles.detect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ArrivalTimesTest {
  private final ArrivalTimes times = new ArrivalTimes();

  @Test
  void findsTheMediaAtOrNextAfterATime() {
    for (int i = 0; i < 100; i++) {
      times.add(i * 100_000L, 5_000_000_000L + i * 100_000L);
    }
    assertEquals(5_009_000_000L, times.of(9_000_000));
    assertEquals(5_009_000_000L, times.of(8_950_000));
    assertEquals(0, times.of(9_950_000), "not arrived yet");
    assertEquals(5_006_800_000L, times.of(1_000_000), "the oldest that is kept");
  }
}
