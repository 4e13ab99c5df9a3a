package dev.halcyon.ring;

import java.util.Arrays;
import java.util.List;

/**
 * The damaged stretches among what is held. Added by recovery, evicted by the writer, read in any
 * thread.
 */
final class LostRanges {
  /** More are told as one: no damage makes this list long. */
  private static final int MOST = 256;

  private record Placed(long position, LostRange range) {}

  private volatile Placed[] placed = new Placed[0];

  void add(long position, LostRange range) {
    Placed[] before = placed;
    if (before.length < MOST) {
      Placed[] next = Arrays.copyOf(before, before.length + 1);
      next[before.length] = new Placed(position, range);
      placed = next;
    } else {
      Placed[] next = before.clone();
      LostRange last = before[MOST - 1].range();
      next[MOST - 1] =
          new Placed(
              position, new LostRange(last.fromUs(), range.toUs(), last.bytes() + range.bytes()));
      placed = next;
    }
  }

  void evictBefore(long position) {
    Placed[] now = placed;
    if (now.length > 0 && now[0].position() < position) {
      placed =
          Arrays.stream(now).filter(each -> each.position() >= position).toArray(Placed[]::new);
    }
  }

  List<LostRange> list() {
    return Arrays.stream(placed).map(Placed::range).toList();
  }
}
