package dev.halcyon.codecs.mp4;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.media.Bytes;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AvcShapeTest {
  /** Writes the bits of a parameter set. */
  private static final class Bits {
    private final StringBuilder bits = new StringBuilder();

    Bits fixed(int value, int count) {
      for (int i = count - 1; i >= 0; i--) {
        bits.append(value >> i & 1);
      }
      return this;
    }

    Bits unsigned(int value) {
      int length = 32 - Integer.numberOfLeadingZeros(value + 1);
      return fixed(0, length - 1).fixed(value + 1, length);
    }

    /** An avcC with this as its only set, in a NAL unit of type 7. */
    Bytes configuration() {
      fixed(1, 1);
      int size = 1 + Math.ceilDiv(bits.length(), 8);
      byte[] bytes = new byte[8 + size];
      byte[] start = {1, 66, 0, 30, (byte) 0xff, (byte) 0xe1, 0, (byte) size, 0x67};
      System.arraycopy(start, 0, bytes, 0, start.length);
      for (int i = 0; i < bits.length(); i++) {
        bytes[9 + i / 8] |= (byte) ((bits.charAt(i) - '0') << (7 - i % 8));
      }
      return Bytes.copyOf(bytes);
    }
  }

  /** Baseline, picture order type 0, 20 x 15 macroblocks, frames only, no cropping. */
  private static Bits baseline() {
    return new Bits()
        .fixed(66, 8)
        .fixed(0, 8)
        .fixed(30, 8)
        .unsigned(0)
        .unsigned(0)
        .unsigned(0)
        .unsigned(0)
        .unsigned(1)
        .fixed(0, 1)
        .unsigned(19)
        .unsigned(14)
        .fixed(1, 1)
        .fixed(1, 1)
        .fixed(0, 1);
  }

  @Test
  void readsAnExtendedAspectRatio() {
    Bytes config =
        baseline()
            .fixed(1, 1)
            .fixed(1, 1)
            .fixed(255, 8)
            .fixed(37, 16)
            .fixed(23, 16)
            .fixed(0, 1)
            .fixed(0, 1)
            .configuration();
    PictureShape shape = AvcShape.of(config);
    assertEquals(37, shape.sarWidth());
    assertEquals(23, shape.sarHeight());
    assertTrue(shape.colour().isEmpty());
  }

  @Test
  void isPlainWithoutUsabilityInformation() {
    assertEquals(PictureShape.PLAIN, AvcShape.of(baseline().fixed(0, 1).configuration()));
    assertEquals(PictureShape.PLAIN, AvcShape.of(Bytes.EMPTY));
  }

  @Test
  void survivesGarbage() {
    Random random = new Random(11);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(60)];
      random.nextBytes(bytes);
      if (bytes.length > 8) {
        bytes[5] = 1;
        bytes[6] = 0;
        bytes[7] = (byte) random.nextInt(bytes.length);
      }
      assertNotNull(AvcShape.of(Bytes.copyOf(bytes)), "seed 11");
    }
  }
}
