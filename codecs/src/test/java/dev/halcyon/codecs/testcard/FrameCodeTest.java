package dev.halcyon.codecs.testcard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameCodeTest {
  /** A canvas as a decoder would give it. */
  private record Drawn(YuvCanvas canvas) implements LumaPlane {
    @Override
    public int widthPx() {
      return canvas.widthPx();
    }

    @Override
    public int heightPx() {
      return canvas.heightPx();
    }

    @Override
    public int at(int xPx, int yPx) {
      return canvas.plane(0)[yPx * canvas.widthPx() + xPx] & 0xff;
    }
  }

  @Test
  void readsWhatItDrewAtEverySize() {
    long seed = 20_261_120;
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      int widthPx = 2 * random.nextInt(48, 400);
      int heightPx = 2 * random.nextInt(40, 300);
      FrameStamp stamp =
          new FrameStamp(
              random.nextInt(FrameStamp.MAX_INDEX + 1),
              random.nextInt(256),
              random.nextLong(FrameStamp.MAX_TIME_US + 1));
      YuvCanvas drawn = new CardPicture(widthPx, heightPx).draw(stamp, round);
      assertEquals(
          Optional.of(stamp),
          FrameCode.read(new Drawn(drawn)),
          () -> "seed " + seed + ", " + widthPx + "x" + heightPx);
    }
  }

  @Test
  void readsThroughNoiseAndAScaledPicture() {
    Random random = new Random(7);
    FrameStamp stamp = new FrameStamp(123_456, 9, 4_115_200_000L);
    YuvCanvas drawn = new CardPicture(1280, 720).draw(stamp, 2);
    LumaPlane big = new Drawn(drawn);
    YuvCanvas small = new YuvCanvas(214, 120);
    for (int y = 0; y < 120; y++) {
      for (int x = 0; x < 214; x++) {
        int level = big.at(x * 1280 / 214, y * 6) + (int) (random.nextGaussian() * 25);
        small.plane(0)[y * 214 + x] = (byte) Math.clamp(level, 0, 255);
      }
    }
    assertEquals(Optional.of(stamp), FrameCode.read(new Drawn(small)));
  }

  @Test
  void readsNothingFromBlackGreyNoiseOrABlendOfTwo() {
    YuvCanvas canvas = new YuvCanvas(320, 180);
    for (int luma : new int[] {0, 16, 128, 235}) {
      canvas.fill(0, 0, 320, 180, new YuvColour(luma, 128, 128));
      assertEquals(Optional.empty(), FrameCode.read(new Drawn(canvas)));
    }
    new Random(5).nextBytes(canvas.plane(0));
    assertEquals(Optional.empty(), FrameCode.read(new Drawn(canvas)));

    YuvCanvas one = new CardPicture(320, 180).draw(new FrameStamp(1000, 0, 33_333_333), 0);
    YuvCanvas two = new CardPicture(320, 180).draw(new FrameStamp(1001, 0, 33_366_667), 0);
    for (int i = 0; i < 320 * 180; i++) {
      canvas.plane(0)[i] = (byte) (((one.plane(0)[i] & 0xff) + (two.plane(0)[i] & 0xff)) / 2);
    }
    assertEquals(Optional.empty(), FrameCode.read(new Drawn(canvas)));
  }

  @Test
  void refusesWhatItsBitsCannotSay() {
    assertThrows(IllegalArgumentException.class, () -> new FrameStamp(1 << 24, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> new FrameStamp(0, 256, 0));
    assertThrows(IllegalArgumentException.class, () -> new FrameStamp(0, 0, 1L << 40));
  }
}
