package dev.halcyon.core.inference;

/**
 * What batches of a model cost, learnt from those that were computed: a fixed part and one for each
 * request, by least squares that forget; and how busy it keeps a thread. One thread at a time.
 */
public final class ComputeMeter {
  /** A batch of long ago weighs half after so many. */
  private static final double KEPT = Math.pow(0.5, 1.0 / 200);

  private static final double BUSY_WINDOW_NS = 10e9;

  private double weight;
  private double sizes;
  private double times;
  private double squares;
  private double products;
  private double busyNs;
  private long lastNs;
  private boolean hasBusy;

  /**
   * What one batch costs.
   *
   * @param fixedNs however many are in it
   * @param perRequestNs for each
   */
  public record Cost(double fixedNs, double perRequestNs) {
    public double ofBatchNs(int size) {
      return fixedNs + size * perRequestNs;
    }
  }

  /**
   * @param size requests in the batch
   * @param ns that it was computed for
   * @param nowNs monotonic, at its end
   */
  public void add(int size, long ns, long nowNs) {
    learn(size, ns);
    busyNs = busyNs(nowNs) + ns;
    lastNs = nowNs;
    hasBusy = true;
  }

  /** Takes a trial's cost, which kept nobody busy. */
  public void learn(int size, long ns) {
    weight = KEPT * weight + 1;
    sizes = KEPT * sizes + size;
    times = KEPT * times + ns;
    squares = KEPT * squares + (double) size * size;
    products = KEPT * products + (double) size * ns;
  }

  public boolean hasLearnt() {
    return weight > 0;
  }

  /**
   * @throws IllegalStateException when nothing was computed yet
   */
  public Cost cost() {
    if (!hasLearnt()) {
      throw new IllegalStateException("nothing was computed yet");
    }
    double meanSize = sizes / weight;
    double meanNs = times / weight;
    double variance = squares / weight - meanSize * meanSize;
    // Batches of one size tell no slope: all of it is then counted for each request.
    double slope =
        variance < 1e-6 ? meanNs / meanSize : (products / weight - meanSize * meanNs) / variance;
    double perRequestNs = Math.clamp(slope, 0, meanNs / meanSize);
    return new Cost(meanNs - perRequestNs * meanSize, perRequestNs);
  }

  /** The part of one thread that was in use lately, 0 and up. */
  public double busy(long nowNs) {
    return busyNs(nowNs) / BUSY_WINDOW_NS;
  }

  private double busyNs(long nowNs) {
    return hasBusy ? busyNs * Math.exp(-(nowNs - lastNs) / BUSY_WINDOW_NS) : 0;
  }
}
