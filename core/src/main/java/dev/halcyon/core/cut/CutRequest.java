package dev.halcyon.core.cut;

import dev.halcyon.core.clip.Crossing;
import dev.halcyon.core.clip.EpochSpan;
import dev.halcyon.core.clip.ResolvedWindow;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.util.Objects;

/**
 * A window to cut, in stream time.
 *
 * @param requestedFromUs what the contract names as asked for
 * @param requestedToUs what the contract names as asked for, exclusive
 * @param fromUs first instant wanted
 * @param toUs end of the window, exclusive
 * @param epochs the epochs to cut from
 * @param outside what to do where the window lies outside of what is held
 * @param crossing what to do with a window over several of the epochs
 */
public record CutRequest(
    long requestedFromUs,
    long requestedToUs,
    long fromUs,
    long toUs,
    EpochSpan epochs,
    Outside outside,
    Crossing crossing) {
  /** How a window that is not wholly held is treated. */
  public enum Outside {
    /** Answer {@link ErrorCode#RANGE_NOT_HELD}: explicit ranges. */
    REFUSE,
    /** Deliver what is held and say so in the contract: marks, highlights, the last seconds. */
    CLAMP
  }

  public CutRequest {
    Objects.requireNonNull(epochs, "epochs");
    Objects.requireNonNull(outside, "outside");
    Objects.requireNonNull(crossing, "crossing");
    if (toUs <= fromUs
        || Math.abs(fromUs) > PacketStamp.MAX_TIME_US
        || Math.abs(toUs) > PacketStamp.MAX_TIME_US) {
      throw new HalcyonException(
          ErrorCode.BAD_REQUEST, "a window ends after it starts: " + fromUs + ".." + toUs + " us");
    }
  }

  public CutRequest(long fromUs, long toUs, Outside outside) {
    this(fromUs, toUs, fromUs, toUs, EpochSpan.ALL, outside, Crossing.STITCH);
  }

  /**
   * @param outside what to do should the ring hold less by now, or the epoch end early
   */
  public static CutRequest of(ResolvedWindow window, Outside outside, Crossing crossing) {
    return new CutRequest(
        window.requestedFromUs(),
        window.requestedToUs(),
        window.fromUs(),
        window.toUs(),
        window.epochs(),
        outside,
        crossing);
  }

  /** The same window, of these epochs only. */
  public CutRequest ofEpochs(EpochSpan others) {
    return new CutRequest(requestedFromUs, requestedToUs, fromUs, toUs, others, outside, crossing);
  }
}
