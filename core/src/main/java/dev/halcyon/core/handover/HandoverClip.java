package dev.halcyon.core.handover;

import java.util.List;
import java.util.Objects;

/**
 * A stretch of the source.
 *
 * @param fromFrame first frame of the source in it
 * @param toFrame first frame after it
 * @param note for people; may be empty
 * @param markers within it, in order
 */
public record HandoverClip(
    String name, long fromFrame, long toFrame, String note, List<HandoverMarker> markers) {
  public HandoverClip {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(note, "note");
    markers = List.copyOf(markers);
    if (fromFrame < 0 || toFrame <= fromFrame) {
      throw new IllegalArgumentException(
          "no frames [fromFrame=" + fromFrame + ", toFrame=" + toFrame + "]");
    }
    for (HandoverMarker marker : markers) {
      if (marker.frame() < fromFrame || marker.frame() >= toFrame) {
        throw new IllegalArgumentException("a marker outside [frame=" + marker.frame() + "]");
      }
    }
  }

  public long frames() {
    return toFrame - fromFrame;
  }
}
