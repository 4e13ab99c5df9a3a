package dev.halcyon.core.cut;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.util.Objects;

/**
 * A window to cut, in stream time.
 *
 * @param fromUs first instant wanted
 * @param toUs end of the window, exclusive
 * @param outside what to do where the window lies outside of what is held
 */
public record CutRequest(long fromUs, long toUs, Outside outside) {
  /** How a window that is not wholly held is treated. */
  public enum Outside {
    /** Answer {@link ErrorCode#RANGE_NOT_HELD}: explicit ranges. */
    REFUSE,
    /** Deliver what is held and say so in the contract: marks, highlights, the last seconds. */
    CLAMP
  }

  public CutRequest {
    Objects.requireNonNull(outside, "outside");
    if (toUs <= fromUs
        || Math.abs(fromUs) > PacketStamp.MAX_TIME_US
        || Math.abs(toUs) > PacketStamp.MAX_TIME_US) {
      throw new HalcyonException(
          ErrorCode.BAD_REQUEST, "a window ends after it starts: " + fromUs + ".." + toUs + " us");
    }
  }
}
