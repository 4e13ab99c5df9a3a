package dev.halcyon.codecs.bitstream;

import dev.halcyon.core.media.ContentLight;
import dev.halcyon.core.media.Display;
import dev.halcyon.core.media.MasteringDisplay;
import dev.halcyon.core.media.MasteringDisplay.Point;
import dev.halcyon.core.media.Orientation;
import java.util.List;
import java.util.Optional;

/** What AV1 metadata units say of HDR (AV1 specification, 5.8 and 6.7). No state. */
final class Av1Metadata {
  private static final int CONTENT_LIGHT = 1;
  private static final int MASTERING_DISPLAY = 2;

  private Av1Metadata() {}

  static Display of(List<Av1Obus.Obu> units) {
    Optional<MasteringDisplay> mastering = Optional.empty();
    Optional<ContentLight> light = Optional.empty();
    for (Av1Obus.Obu unit : units) {
      if (unit.type() == Av1Obus.METADATA) {
        BitReader bits = BitReader.of(unit.payload(), 0, unit.payload().length());
        int type = bits.bits(8);
        if (type == CONTENT_LIGHT && bits.leftBytes() >= 4) {
          light = Optional.of(new ContentLight(bits.bits(16), bits.bits(16)));
        } else if (type == MASTERING_DISPLAY && bits.leftBytes() >= 24) {
          mastering = Optional.of(mastering(bits));
        }
      }
    }
    return new Display(Orientation.UPRIGHT, Optional.empty(), Optional.empty(), mastering, light);
  }

  private static MasteringDisplay mastering(BitReader bits) {
    Point red = point(bits);
    Point green = point(bits);
    Point blue = point(bits);
    Point white = point(bits);
    // Brightest in 1/256 cd/m², darkest in 1/16,384; ours in 1/10,000.
    long brightest = Math.min(0xffff_ffffL, bits.u32() * 10_000 / 256);
    long darkest = bits.u32() * 10_000 / 16_384;
    return new MasteringDisplay(green, blue, red, white, brightest, darkest);
  }

  /** In 1/65,536; ours in 1/50,000. */
  private static Point point(BitReader bits) {
    return new Point(scaled(bits.bits(16)), scaled(bits.bits(16)));
  }

  private static int scaled(int value) {
    return (int) ((value * 50_000L + 32_768) / 65_536);
  }
}
