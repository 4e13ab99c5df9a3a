package dev.halcyon.codecs.bitstream;

import dev.halcyon.core.media.Bytes;
import java.util.Optional;

/** Makes {@code av1C} of a sequence header. No state. */
public final class Av1Config {
  private Av1Config() {}

  /**
   * @param units a keyframe's temporal unit, or what an encoder gives as its header
   * @return the body of {@code av1C}; empty when there is no readable sequence header
   */
  public static Optional<Bytes> of(Bytes units) {
    for (Av1Obus.Obu unit : Av1Obus.of(units, 0)) {
      if (unit.type() == Av1Obus.SEQUENCE_HEADER) {
        Bytes whole = units.slice(unit.startByte(), unit.endByte());
        return Av1Sequence.parse(unit.payload()).map(sequence -> sequence.config(whole));
      }
    }
    return Optional.empty();
  }
}
