package dev.halcyon.codecs.cut.smart;

import dev.halcyon.codecs.mp4.EditLists.TrackEdits;
import dev.halcyon.core.cut.CutEdit;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** Where a track's media is presented, by its edit list. In microseconds. Immutable. */
final class Placement {
  private final List<Part> parts = new ArrayList<>();

  /**
   * @param mediaUs where the part begins on the track's own time line
   * @param atUs where it is presented
   */
  record Part(long mediaUs, long lengthUs, long atUs) {
    boolean holds(long us) {
      return us >= mediaUs && us < mediaUs + lengthUs;
    }
  }

  Placement(TrackEdits edits) {
    long atUs = 0;
    for (CutEdit edit : edits.edits()) {
      if (!edit.isEmpty()) {
        long mediaUs = Math.round(edit.mediaTicks() * 1e6 / edits.timescaleHz());
        parts.add(new Part(mediaUs, edit.durationUs(), atUs));
      }
      atUs += edit.durationUs();
    }
  }

  /** In their order; media times ascend with it. */
  List<Part> parts() {
    return parts;
  }

  /** When something at {@code mediaUs} is presented; empty when it is not. */
  OptionalLong at(long mediaUs) {
    for (Part part : parts) {
      if (part.holds(mediaUs)) {
        return OptionalLong.of(part.atUs() + mediaUs - part.mediaUs());
      }
    }
    return OptionalLong.empty();
  }
}
