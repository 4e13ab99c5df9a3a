package dev.halcyon.codecs.mux;

/**
 * How fast packets are sent.
 *
 * @param percent of real time by their dts; 0 for as fast as they are taken
 */
public record Pace(int percent) {
  public static final Pace REAL_TIME = new Pace(100);
  public static final Pace UNBOUNDED = new Pace(0);

  public Pace {
    if (percent < 0 || percent > 100_000) {
      throw new IllegalArgumentException("pace out of range [percent=" + percent + "]");
    }
  }

  /** How long after the first packet one is due that lies {@code mediaUs} behind it. */
  long dueNs(long mediaUs) {
    return percent == 0 ? 0 : mediaUs * 100_000 / percent;
  }
}
