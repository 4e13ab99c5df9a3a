package dev.halcyon.core.clip;

import java.util.Objects;

/**
 * What a clip was asked for, before it was shortened to what its stream held; kept with the clip,
 * so that its contract tells the same after a restart.
 *
 * @param fromUs stream time; may lie before the clip's own window
 * @param toUs stream time, exclusive; may lie behind the clip's own window
 * @param crossing what to do where the publisher reconnected inside of the window
 */
public record AskedWindow(long fromUs, long toUs, Crossing crossing) {
  public AskedWindow {
    Objects.requireNonNull(crossing, "crossing");
    if (toUs <= fromUs) {
      throw new IllegalArgumentException("a window ends behind its start: " + fromUs + " " + toUs);
    }
  }

  /** The same with another end. */
  AskedWindow until(long laterToUs) {
    return new AskedWindow(fromUs, laterToUs, crossing);
  }
}
