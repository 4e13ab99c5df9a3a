package dev.halcyon.core.time;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class EpochEndTest {
  private final EpochEnd end = new EpochEnd();

  private void pictures(long... ptsUs) {
    for (int i = 0; i < ptsUs.length; i++) {
      end.onPacket(0, ptsUs[i], 40_000L * i, 0);
    }
  }

  @Test
  void isThatOfTheLatestPictureInTheOrderInWhichTheyAreShown() {
    pictures(80_000, 200_000, 120_000, 160_000);
    assertEquals(240_000, end.endUs());
  }

  @Test
  void countsAPictureThatIsShownAfterOthersThatNeverCame() {
    pictures(80_000, 200_000);
    assertEquals(240_000, end.endUs());
  }

  @Test
  void isThatOfSoundThatLastsLonger() {
    pictures(0, 40_000);
    end.onPacket(1, 70_000, 70_000, 21_333);
    assertEquals(91_333, end.endUs());
  }

  @Test
  void takesNoPauseForTheLengthOfAPicture() {
    pictures(0, 40_000, 80_000);
    end.onPacket(0, 3_000_000, 3_000_000, 0);
    assertEquals(3_040_000, end.endUs());
  }

  @Test
  void shortensPicturesThatFollowEachOtherSlowly() {
    end.onPacket(0, 0, 0, 0);
    end.onPacket(0, 10_000_000, 10_000_000, 0);
    assertEquals(11_000_000, end.endUs());
  }

  @Test
  void givesALonePictureAUsualLength() {
    assertEquals(Long.MIN_VALUE, end.endUs());
    pictures(7);
    assertEquals(40_007, end.endUs());
    end.forget();
    assertEquals(Long.MIN_VALUE, end.endUs());
  }
}
