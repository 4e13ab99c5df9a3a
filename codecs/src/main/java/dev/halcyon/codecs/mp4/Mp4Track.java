package dev.halcyon.codecs.mp4;

import dev.halcyon.core.cut.CutEdit;
import dev.halcyon.core.media.TrackFormat;
import java.util.List;

/**
 * One track of a file to write.
 *
 * @param formats one sample entry each, of one codec
 * @param timescaleHz ticks a second
 * @param samples in decoding order, not added to any more
 * @param edits the edit list; media times count from the first sample's decoding time
 */
public record Mp4Track(
    List<TrackFormat> formats, int timescaleHz, SampleTable samples, List<CutEdit> edits) {
  public Mp4Track {
    formats = List.copyOf(formats);
    edits = List.copyOf(edits);
    if (formats.isEmpty() || timescaleHz < 1 || samples.count() == 0) {
      throw new IllegalArgumentException(
          "an empty track [formats="
              + formats.size()
              + ", timescaleHz="
              + timescaleHz
              + ", samples="
              + samples.count()
              + "]");
    }
  }

  boolean isVideo() {
    return formats.getFirst().codec().isVideo();
  }

  /** Length of its presentation. */
  long presentedUs() {
    return edits.stream().mapToLong(CutEdit::durationUs).sum();
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
