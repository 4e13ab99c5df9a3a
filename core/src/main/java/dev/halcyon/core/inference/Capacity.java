package dev.halcyon.core.inference;

/**
 * How many more streams a model's threads can serve in time, by what was measured.
 *
 * @param moreStreams that fit, each asking as often as {@link Need} says
 * @param worstNs from asking to the answer when a batch waits behind a full one
 * @param keepsDeadline whether that is soon enough; no stream fits when not
 */
public record Capacity(int moreStreams, long worstNs, boolean keepsDeadline) {
  /** Above this part of a thread waiting grows without bound sooner or later. */
  private static final double SAFE_BUSY = 0.7;

  private static final int MOST = 100_000;

  /**
   * What one stream of a kind asks of a model.
   *
   * @param perSecond requests
   * @param deadlineNs for each answer
   */
  public record Need(double perSecond, long deadlineNs) {
    public Need {
      if (!(perSecond > 0)) {
        throw new IllegalArgumentException("asks for nothing [perSecond=" + perSecond + "]");
      }
    }
  }

  /**
   * @param threads that compute the model's class
   * @param busy how much of them is in use by all of the class, 0 to {@code threads}
   */
  public static Capacity of(
      Need need, ComputeMeter.Cost cost, BatchLimits limits, int threads, double busy) {
    double batchNs = cost.ofBatchNs(limits.maxBatch());
    long worstNs = Math.round(limits.maxWaitNs() + 2 * batchNs);
    double streamBusy = need.perSecond() * batchNs / limits.maxBatch() / 1e9;
    double free = Math.max(0, threads * SAFE_BUSY - busy);
    boolean keepsDeadline = worstNs <= need.deadlineNs();
    double fitting = streamBusy > 0 ? Math.floor(free / streamBusy + 1e-6) : MOST;
    return new Capacity(keepsDeadline ? (int) Math.min(MOST, fitting) : 0, worstNs, keepsDeadline);
  }
}
