package dev.halcyon.core.cut;

import dev.halcyon.core.clip.ResolvedWindow;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * A window to cut, in stream time.
 *
 * @param requestedFromUs what the contract names as asked for
 * @param requestedToUs what the contract names as asked for, exclusive
 * @param fromUs first instant wanted
 * @param toUs end of the window, exclusive
 * @param epoch the epoch to cut from; when absent the window must lie in one
 * @param outside what to do where the window lies outside of what is held
 */
public record CutRequest(
    long requestedFromUs,
    long requestedToUs,
    long fromUs,
    long toUs,
    OptionalInt epoch,
    Outside outside) {
  /** How a window that is not wholly held is treated. */
  public enum Outside {
    /** Answer {@link ErrorCode#RANGE_NOT_HELD}: explicit ranges. */
    REFUSE,
    /** Deliver what is held and say so in the contract: marks, highlights, the last seconds. */
    CLAMP
  }

  public CutRequest {
    Objects.requireNonNull(epoch, "epoch");
    Objects.requireNonNull(outside, "outside");
    if (toUs <= fromUs
        || Math.abs(fromUs) > PacketStamp.MAX_TIME_US
        || Math.abs(toUs) > PacketStamp.MAX_TIME_US) {
      throw new HalcyonException(
          ErrorCode.BAD_REQUEST, "a window ends after it starts: " + fromUs + ".." + toUs + " us");
    }
  }

  public CutRequest(long fromUs, long toUs, Outside outside) {
    this(fromUs, toUs, fromUs, toUs, OptionalInt.empty(), outside);
  }

  /**
   * @param outside what to do should the ring hold less by now, or the epoch end early
   */
  public static CutRequest of(ResolvedWindow window, Outside outside) {
    return new CutRequest(
        window.requestedFromUs(),
        window.requestedToUs(),
        window.fromUs(),
        window.toUs(),
        OptionalInt.of(window.epoch()),
        outside);
  }
}
