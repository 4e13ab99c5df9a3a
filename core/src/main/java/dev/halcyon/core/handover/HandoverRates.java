package dev.halcyon.core.handover;

import dev.halcyon.core.media.FrameRate;
import java.util.List;

/** The frame rates that editors know. */
public final class HandoverRates {
  private static final List<FrameRate> KNOWN =
      List.of(
          new FrameRate(24_000, 1001),
          new FrameRate(24, 1),
          new FrameRate(25, 1),
          new FrameRate(30_000, 1001),
          new FrameRate(30, 1),
          new FrameRate(48, 1),
          new FrameRate(50, 1),
          new FrameRate(60_000, 1001),
          new FrameRate(60, 1));

  /** Slow sources are shown at a multiple of their own rate. */
  private static final int MOST_TIMES = 4;

  /** What a further multiple has to be better for. */
  private static final double MULTIPLE = 0.01;

  private HandoverRates() {}

  /**
   * The known rate that is nearest to a source's own or to a small multiple of it: that of a time
   * line on which the pictures of a variable rate, or of a rare one, keep their times best.
   */
  public static FrameRate nearest(FrameRate own) {
    FrameRate nearest = KNOWN.getFirst();
    double least = Double.MAX_VALUE;
    for (int times = 1; times <= MOST_TIMES; times++) {
      for (FrameRate known : KNOWN) {
        double off =
            Math.abs(perSecond(known) / (times * perSecond(own)) - 1) + (times - 1) * MULTIPLE;
        if (off < least) {
          nearest = known;
          least = off;
        }
      }
    }
    return nearest;
  }

  /** Whether a source of this rate keeps the time of each of its pictures. */
  public static boolean isKnown(FrameRate own) {
    return KNOWN.stream().anyMatch(known -> isEqual(known, own));
  }

  private static boolean isEqual(FrameRate a, FrameRate b) {
    return (long) a.numerator() * b.denominator() == (long) b.numerator() * a.denominator();
  }

  private static double perSecond(FrameRate rate) {
    return (double) rate.numerator() / rate.denominator();
  }
}
