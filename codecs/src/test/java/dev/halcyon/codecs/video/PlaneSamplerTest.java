package dev.halcyon.codecs.video;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PlaneSamplerTest {
  private static final long SEED = 5;

  @ParameterizedTest
  @CsvSource({"1, 1920, 1080, 160, 90", "2, 1920, 1080, 320, 180", "2, 723, 405, 107, 60"})
  void givesTheMeanOfEightNeighboursOfEachPlace(
      int rows, int fromWidth, int fromHeight, int width, int height) {
    int stride = fromWidth + 29;
    byte[] plane = new byte[stride * fromHeight];
    new Random(SEED).nextBytes(plane);
    byte[] small = new byte[width * height];
    // Not a byte after the last pixel may be read.
    ByteBuffer pixels = ByteBuffer.allocateDirect((fromHeight - 1) * stride + fromWidth);
    pixels.put(0, plane, 0, pixels.capacity());
    new PlaneSampler(rows).sample(pixels, stride, fromWidth, fromHeight, small, width, height);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        double expected = 0;
        for (int row = 0; row < rows; row++) {
          int fromY = (int) ((y + (row + 0.5) / rows) * fromHeight / height);
          expected += mean(plane, stride, fromWidth, fromY, (x + 0.5) * fromWidth / width) / rows;
        }
        assertEquals(expected, small[y * width + x] & 0xff, 0.51, x + ", " + y);
      }
    }
  }

  private static double mean(byte[] plane, int stride, int width, int y, double middle) {
    int left = Math.clamp((int) middle - 4, 0, width - 8);
    int sum = 0;
    for (int x = left; x < left + 8; x++) {
      sum += plane[y * stride + x] & 0xff;
    }
    return sum / 8.0;
  }
}
