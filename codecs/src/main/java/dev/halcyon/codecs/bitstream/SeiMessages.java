package dev.halcyon.codecs.bitstream;

import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.ContentLight;
import dev.halcyon.core.media.MasteringDisplay;
import dev.halcyon.core.media.MasteringDisplay.Point;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What supplemental messages say of HDR (ITU-T H.265, D.2.28, D.2.35 and D.2.38; H.264 uses the
 * same numbers and bits). Not thread-safe.
 */
final class SeiMessages {
  private static final int RECOVERY_POINT = 6;
  private static final int MASTERING_DISPLAY = 137;
  private static final int MASTERING_BYTES = 24;
  private static final int CONTENT_LIGHT = 144;
  private static final int CONTENT_LIGHT_BYTES = 4;
  private static final int ALTERNATIVE_TRANSFER = 147;

  private Optional<MasteringDisplay> mastering = Optional.empty();
  private Optional<ContentLight> light = Optional.empty();
  private OptionalInt transfer = OptionalInt.empty();
  private OptionalInt recoveryFrames = OptionalInt.empty();

  /**
   * Reads a unit's messages; what is cut short is passed over.
   *
   * @param headerBytes of the unit: 1 for H.264, 2 for H.265
   */
  void read(Bytes unit, int headerBytes) {
    BitReader bits = BitReader.ofNal(unit, headerBytes, unit.length());
    // The last byte holds the trailing bits.
    while (bits.leftBytes() > 2) {
      int type = number(bits);
      int size = number(bits);
      if (size > bits.leftBytes()) {
        return;
      }
      long leftAfter = bits.leftBytes() - size;
      onMessage(type, size, bits);
      bits.skip(8 * (bits.leftBytes() - leftAfter));
    }
  }

  Optional<MasteringDisplay> mastering() {
    return mastering;
  }

  Optional<ContentLight> light() {
    return light;
  }

  /** The transfer that a receiver should apply in the place of the stated one. */
  OptionalInt transfer() {
    return transfer;
  }

  /** In how many frames of H.264 the picture is right (D.2.8). */
  OptionalInt recoveryFrames() {
    return recoveryFrames;
  }

  private void onMessage(int type, int size, BitReader bits) {
    if (type == RECOVERY_POINT && size >= 1) {
      recoveryFrames = OptionalInt.of(bits.unsigned());
    } else if (type == MASTERING_DISPLAY && size >= MASTERING_BYTES) {
      Point green = point(bits);
      Point blue = point(bits);
      Point red = point(bits);
      Point white = point(bits);
      mastering =
          Optional.of(new MasteringDisplay(green, blue, red, white, bits.u32(), bits.u32()));
    } else if (type == CONTENT_LIGHT && size >= CONTENT_LIGHT_BYTES) {
      light = Optional.of(new ContentLight(bits.bits(16), bits.bits(16)));
    } else if (type == ALTERNATIVE_TRANSFER && size >= 1) {
      transfer = OptionalInt.of(bits.bits(8));
    }
  }

  private static Point point(BitReader bits) {
    return new Point(bits.bits(16), bits.bits(16));
  }

  /** A sum of bytes, of which all but the last are 255. */
  private static int number(BitReader bits) {
    int sum = 0;
    int next = 0xff;
    while (next == 0xff && !bits.isExhausted()) {
      next = bits.bits(8);
      sum += next;
    }
    return sum;
  }
}
