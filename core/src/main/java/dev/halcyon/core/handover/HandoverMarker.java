package dev.halcyon.core.handover;

import java.util.Objects;

/**
 * A moment in a clip that is worth a look.
 *
 * @param frame of the source
 * @param name short
 * @param note longer; may be empty
 */
public record HandoverMarker(long frame, String name, String note) {
  public HandoverMarker {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(note, "note");
  }
}
