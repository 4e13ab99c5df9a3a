package dev.halcyon.codecs.cut;

import dev.halcyon.core.cut.CutRequest;
import dev.halcyon.core.cut.HeldSpan;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.ring.HeldRange;
import dev.halcyon.ring.Lease;
import dev.halcyon.ring.Ring;
import java.nio.file.Path;
import java.util.List;

/** Cuts out of a ring, and what is common to whoever reads one for a cut. No state. */
public final class RingCutter {
  private RingCutter() {}

  /** Cuts a window out of a ring, as {@link ClipCutter#cut} says. */
  public static CutResult cut(Ring ring, CutRequest request, Path target) {
    return ClipCutter.cut(new RingTimeline(ring), request, target);
  }

  /**
   * Keeps in the ring what a cut will read, as far as it is still there and the slack allows; the
   * caller closes it.
   *
   * @param deadlineNs when it ends by itself, on {@code System.nanoTime}
   * @throws HalcyonException RING_OVERRUN when the writer is faster
   */
  public static Lease lease(Ring ring, CutRequest request, long deadlineNs) {
    try {
      return ring.lease(RingScan.startOf(ring, request), deadlineNs);
    } catch (HalcyonException evicted) {
      // The tail moves by whole steps: what is oldest now stays so for a while.
      return ring.lease(ring.oldestPosition(), deadlineNs);
    }
  }

  /** What is held of the window's epochs, as far as it touches them. */
  static HeldSpan held(Ring ring, CutRequest request) {
    List<HeldRange> ranges =
        ring.held().stream()
            .filter(range -> request.epochs().contains(range.epoch()))
            .filter(range -> range.fromUs() < request.toUs() && range.toUs() > request.fromUs())
            .toList();
    if (ranges.isEmpty()) {
      throw new HalcyonException(
          ErrorCode.RANGE_NOT_HELD,
          "nothing is held of " + request.fromUs() + ".." + request.toUs() + " us");
    }
    return new HeldSpan(ranges.getFirst().fromUs(), ranges.getLast().toUs());
  }

  static HalcyonException overrun() {
    return new HalcyonException(
        ErrorCode.RING_OVERRUN, "the stream overtook the cut: its packets are gone");
  }

  static HalcyonException closed() {
    return new HalcyonException(ErrorCode.IO_FAILED, "the ring was closed during the cut");
  }
}
