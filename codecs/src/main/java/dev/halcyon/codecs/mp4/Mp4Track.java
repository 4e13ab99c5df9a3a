package dev.halcyon.codecs.mp4;

import dev.halcyon.core.cut.CutEdit;
import dev.halcyon.core.media.TrackFormat;
import java.util.List;

/**
 * One track of a file to write.
 *
 * @param formats one sample entry each, of one codec
 * @param timescaleHz ticks a second
 * @param samples in decoding order, not added to any more; none where all are in fragments
 * @param edits the edit list; media times count from the first sample's decoding time; none
 *     presents all of it
 */
public record Mp4Track(
    List<TrackFormat> formats, int timescaleHz, SampleTable samples, List<CutEdit> edits) {
  public Mp4Track {
    formats = List.copyOf(formats);
    edits = List.copyOf(edits);
    if (formats.isEmpty() || timescaleHz < 1) {
      throw new IllegalArgumentException(
          "a track of nothing [formats=" + formats.size() + ", timescaleHz=" + timescaleHz + "]");
    }
  }

  boolean isVideo() {
    return formats.getFirst().codec().isVideo();
  }

  /** Length of its presentation. */
  long presentedUs() {
    return edits.stream().mapToLong(CutEdit::durationUs).sum();
  }

  /** Where, on the track's own time line, what its edits present ends; 0 without edits. */
  long lastPresentedUs() {
    return edits.stream()
        .filter(edit -> !edit.isEmpty())
        .mapToLong(edit -> toUs(edit.mediaTicks()) + edit.durationUs())
        .max()
        .orElse(0);
  }

  /** Presentation time of a decoding time, may be negative. */
  long movieUs(long decodeTicks) {
    long shiftUs = 0;
    for (CutEdit edit : edits) {
      if (!edit.isEmpty()) {
        return shiftUs + toUs(decodeTicks - edit.mediaTicks());
      }
      shiftUs += edit.durationUs();
    }
    return shiftUs + toUs(decodeTicks);
  }

  private long toUs(long ticks) {
    return Math.floorDiv(ticks, timescaleHz) * 1_000_000
        + Math.floorMod(ticks, timescaleHz) * 1_000_000L / timescaleHz;
  }
}
