package dev.halcyon.verticles.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateFloorTest {
  private final AtomicLong nowNs = new AtomicLong(Long.MAX_VALUE - 5);
  private final RateFloor floor = new RateFloor(nowNs::get);

  private void after(long seconds) {
    nowNs.addAndGet(seconds * 1_000_000_000);
  }

  @Test
  void whatDripsIsGivenUpAndWhatOnlyPausesIsNot() {
    int enough = (int) (RateFloor.BYTES_PER_S * RateFloor.WINDOW_S);
    after(RateFloor.WINDOW_S - 1);
    floor.onBytes(enough - 1);
    after(1);
    floor.onBytes(1);
    after(RateFloor.WINDOW_S - 1);
    floor.onBytes(1);
    after(1);
    HalcyonException slow = assertThrows(HalcyonException.class, () -> floor.onBytes(1));
    assertEquals(ErrorCode.SOURCE_TOO_SLOW, slow.code());
  }
}
