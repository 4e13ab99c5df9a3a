package dev.halcyon.codecs.model;

import java.util.List;

/**
 * A model that answers several questions at once. One platform thread at a time; closed by who
 * opened it.
 *
 * @param <Q> what it is asked
 * @param <A> what it answers
 */
public interface BatchModel<Q, A> extends AutoCloseable {
  /** Most questions of one call; 1 when its file says so. */
  int maxBatch();

  /** A question that costs as much as any, for trials. */
  Q sample();

  /**
   * @param questions 1 to {@link #maxBatch}
   * @return the answers in the same order
   */
  List<A> compute(List<Q> questions);

  @Override
  void close();
}
