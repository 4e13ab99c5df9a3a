package dev.halcyon.core.inference;

/** What became of a request that was offered. */
public sealed interface Admission {
  /** It goes into the next batch but for those before it. */
  record Admitted() implements Admission {}

  /**
   * It waits.
   *
   * @param batchesBefore how many batches are full of others
   */
  record Queued(int batchesBefore) implements Admission {}

  /**
   * There is no room for it.
   *
   * @param retryAfterMs when there probably is, at least 1
   */
  record Rejected(Reason reason, long retryAfterMs) implements Admission {}

  /** Why a request was not taken. */
  enum Reason {
    /** So much waits that passing work is not taken. */
    BUSY,
    /** So much waits that nothing is taken. */
    FULL,
    /** This workspace has as much waiting as it may. */
    WORKSPACE_FULL,
    /** Nobody computes any more. */
    CLOSED
  }
}
