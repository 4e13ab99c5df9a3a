package dev.halcyon.core.inference;

/**
 * What one answer took.
 *
 * @param queueNs from the offer to the begin of computing
 * @param computeNs of the whole batch
 * @param batchSize requests in it
 */
public record Spent(long queueNs, long computeNs, int batchSize) {
  /** This request's part of the computing. */
  public long shareNs() {
    return computeNs / batchSize;
  }
}
