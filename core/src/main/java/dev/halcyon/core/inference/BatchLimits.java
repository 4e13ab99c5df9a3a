package dev.halcyon.core.inference;

/**
 * How requests are gathered into batches.
 *
 * @param maxBatch most requests of one batch; 1 for models that take no more
 * @param maxWaitNs a request waits no longer for others to join it
 * @param softLimit with so many waiting passing work is refused
 * @param hardLimit with so many waiting everything is
 * @param workspaceLimit so many of one workspace may wait
 * @param bucket lengths are rounded up to a multiple of it; what is then equal shares a batch
 */
public record BatchLimits(
    int maxBatch, long maxWaitNs, int softLimit, int hardLimit, int workspaceLimit, int bucket) {
  public static final long DEFAULT_WAIT_NS = 2_000_000;

  public BatchLimits {
    if (maxBatch < 1
        || maxWaitNs < 0
        || softLimit < 1
        || hardLimit < softLimit
        || workspaceLimit < 1
        || bucket < 1) {
      throw new IllegalArgumentException(
          "limits [maxBatch="
              + maxBatch
              + ", maxWaitNs="
              + maxWaitNs
              + ", softLimit="
              + softLimit
              + ", hardLimit="
              + hardLimit
              + ", workspaceLimit="
              + workspaceLimit
              + ", bucket="
              + bucket
              + "]");
    }
  }

  /** For a model whose inputs are all of one length: room for 32 batches, half of it for all. */
  public static BatchLimits of(int maxBatch) {
    return new BatchLimits(
        maxBatch, DEFAULT_WAIT_NS, 16 * maxBatch, 32 * maxBatch, 24 * maxBatch, 1);
  }

  public BatchLimits withMaxWaitNs(long ns) {
    return new BatchLimits(maxBatch, ns, softLimit, hardLimit, workspaceLimit, bucket);
  }

  /** The bucket of a length. */
  int bucketOf(int length) {
    return Math.ceilDiv(length, bucket);
  }
}
