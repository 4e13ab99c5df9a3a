package dev.halcyon.ring;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The epochs and configurations held, by position. The writer adds and evicts, any thread reads; a
 * change copies, since changes are rare.
 */
final class StateLog {
  /**
   * Kept at most, a megabyte or a few; a publisher that changes its configuration more often gets a
   * shorter ring. Twenty-seven a second in ten minutes.
   */
  static final int MOST = 1 << 14;

  private volatile StreamState[] states = new StreamState[0];

  /**
   * @param tail states that end before this position are dropped
   */
  void add(StreamState state, long tail) {
    StreamState[] old = states;
    int from = Math.max(0, indexAt(old, tail));
    StreamState[] next = Arrays.copyOfRange(old, from, old.length + 1);
    next[next.length - 1] = state;
    states = next;
  }

  /** Where the oldest state begins that there is room for; 0 while there is for all. */
  long crowdedBefore() {
    StreamState[] now = states;
    return now.length <= MOST ? 0 : now[now.length - MOST].position();
  }

  /** The newest state is known better now. */
  void replaceLast(StreamState state) {
    StreamState[] next = states.clone();
    next[next.length - 1] = state;
    states = next;
  }

  /** An epoch's anchor is known better now. */
  void replaceSpan(EpochSpan guessed, EpochSpan known) {
    StreamState[] next = states.clone();
    for (int i = 0; i < next.length; i++) {
      if (next[i].span() == guessed) {
        next[i] = new StreamState(next[i].position(), known, next[i].tracks());
      }
    }
    states = next;
  }

  /** What is in force at a position; the oldest known when all are younger. */
  Optional<StreamState> at(long position) {
    StreamState[] now = states;
    return now.length == 0
        ? Optional.empty()
        : Optional.of(now[Math.max(0, indexAt(now, position))]);
  }

  Optional<StreamState> last() {
    StreamState[] now = states;
    return now.length == 0 ? Optional.empty() : Optional.of(now[now.length - 1]);
  }

  /** From the one in force at {@code position} to the newest. */
  List<StreamState> from(long position) {
    StreamState[] now = states;
    return List.of(Arrays.copyOfRange(now, Math.max(0, indexAt(now, position)), now.length));
  }

  /** Index of the last state at or before {@code position}; −1 when there is none. */
  private static int indexAt(StreamState[] states, long position) {
    int low = 0;
    int high = states.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (states[middle].position() <= position) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }
}
