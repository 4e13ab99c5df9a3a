package dev.halcyon.core.clip;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.util.List;

/**
 * A window in stream time, and the epochs that it is cut from.
 *
 * @param epochs one epoch where crossing is refused; else the first one that the window touches and
 *     those that follow it
 * @param requestedFromUs what was asked, in stream time
 * @param requestedToUs what was asked, exclusive
 * @param fromUs what will be cut
 * @param toUs what will be cut, exclusive; may lie in the future of a live stream
 * @param isClamped whether the two differ
 */
public record ResolvedWindow(
    EpochSpan epochs,
    long requestedFromUs,
    long requestedToUs,
    long fromUs,
    long toUs,
    boolean isClamped) {

  /**
   * Finds the epochs that a window lies in.
   *
   * @param clampsToHeld shorten to what is held instead of refusing; where crossing is refused, to
   *     what is held of the newest epoch in the window
   * @param crossing what to do with a window over several epochs
   * @param held what the ring holds, oldest first
   * @param isLive whether the newest epoch goes on
   * @param capacityUs how far into the future a window may reach
   * @throws HalcyonException BAD_REQUEST for an empty window, RANGE_NOT_HELD naming what is held,
   *     EPOCH_CROSSED when the window spans epochs and that is refused
   */
  public static ResolvedWindow resolve(
      ClipWindow window,
      boolean clampsToHeld,
      Crossing crossing,
      List<HeldEpoch> held,
      boolean isLive,
      long capacityUs) {
    if (held.isEmpty()) {
      throw new HalcyonException(ErrorCode.RANGE_NOT_HELD, "the stream holds no media yet");
    }
    HeldEpoch newest = held.getLast();
    long reachUs = isLive ? newest.toUs() + capacityUs : newest.toUs();
    return switch (window) {
      case ClipWindow.Last(long lengthUs) ->
          within(newest.toUs() - lengthUs, newest.toUs(), true, crossing, held, reachUs);
      case ClipWindow.StreamTime(long fromUs, long toUs) ->
          within(fromUs, toUs, clampsToHeld, crossing, held, reachUs);
      case ClipWindow.WallClock(long fromWallUs, long toWallUs) ->
          within(
              epochAtWall(fromWallUs, held).streamUsAt(fromWallUs),
              epochAtWall(toWallUs, held).streamUsAt(toWallUs),
              clampsToHeld,
              crossing,
              held,
              reachUs);
    };
  }

  private static ResolvedWindow within(
      long fromUs,
      long toUs,
      boolean clamps,
      Crossing crossing,
      List<HeldEpoch> held,
      long reachUs) {
    if (toUs <= fromUs) {
      throw new HalcyonException(ErrorCode.BAD_REQUEST, "the window ends before it begins");
    }
    HeldEpoch newest = held.getLast();
    List<HeldEpoch> touched =
        held.stream()
            .filter(epoch -> fromUs < endOf(epoch, newest, reachUs) && toUs > epoch.fromUs())
            .toList();
    if (touched.isEmpty()) {
      throw notHeld(fromUs, toUs, held);
    }
    HeldEpoch last = touched.getLast();
    if (touched.size() > 1 && crossing == Crossing.REFUSE && !clamps) {
      throw new HalcyonException(
          ErrorCode.EPOCH_CROSSED,
          "the publisher reconnected at "
              + last.fromUs()
              + " µs, inside the window; ask for one side, set allow_partial, or epochs to stitch");
    }
    HeldEpoch first = crossing == Crossing.REFUSE ? last : touched.getFirst();
    long clampedFromUs = Math.max(fromUs, first.fromUs());
    long clampedToUs = Math.min(toUs, endOf(last, newest, reachUs));
    boolean isClamped = clampedFromUs != fromUs || clampedToUs != toUs;
    if (isClamped && !clamps) {
      throw notHeld(fromUs, toUs, held);
    }
    EpochSpan epochs =
        crossing == Crossing.REFUSE ? EpochSpan.only(last.epoch()) : EpochSpan.from(first.epoch());
    return new ResolvedWindow(epochs, fromUs, toUs, clampedFromUs, clampedToUs, isClamped);
  }

  private static long endOf(HeldEpoch epoch, HeldEpoch newest, long reachUs) {
    return epoch.epoch() == newest.epoch() ? reachUs : epoch.toUs();
  }

  /** The newest epoch that had begun by then; the oldest when none had. */
  private static HeldEpoch epochAtWall(long wallUs, List<HeldEpoch> held) {
    for (HeldEpoch epoch : held.reversed()) {
      if (epoch.wallUsAt(epoch.fromUs()) <= wallUs) {
        return epoch;
      }
    }
    return held.getFirst();
  }

  private static HalcyonException notHeld(long fromUs, long toUs, List<HeldEpoch> held) {
    StringBuilder ranges = new StringBuilder();
    for (HeldEpoch epoch : held) {
      ranges.append(ranges.isEmpty() ? "" : ", ");
      ranges.append('[').append(epoch.fromUs()).append(", ").append(epoch.toUs()).append(')');
    }
    return new HalcyonException(
        ErrorCode.RANGE_NOT_HELD,
        "[" + fromUs + ", " + toUs + ") µs is not wholly held; held: " + ranges);
  }
}
