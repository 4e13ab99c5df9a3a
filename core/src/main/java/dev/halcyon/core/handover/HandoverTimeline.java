package dev.halcyon.core.handover;

import dev.halcyon.core.analysis.TimeSpan;
import dev.halcyon.core.detect.Signal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * Clips of one source, one after the other, as an editor's program takes them over. All times are
 * whole frames. Immutable; any thread.
 *
 * @param clips at least one, each within the source
 */
public record HandoverTimeline(String name, HandoverSource source, List<HandoverClip> clips) {
  public HandoverTimeline {
    Objects.requireNonNull(name, "name");
    clips = List.copyOf(clips);
    if (clips.isEmpty()) {
      throw new IllegalArgumentException("no clips");
    }
    for (HandoverClip clip : clips) {
      if (clip.toFrame() > source.frames()) {
        throw new IllegalArgumentException(
            "beyond the media [toFrame=" + clip.toFrame() + ", frames=" + source.frames() + "]");
      }
    }
  }

  /**
   * What is to be handed over, in media time.
   *
   * @param note for people; may be empty
   * @param signals those outside of the span are left out
   */
  public record Cut(String name, TimeSpan span, String note, List<Signal> signals) {
    public Cut {
      signals = List.copyOf(signals);
    }
  }

  /**
   * Takes each cut to the nearest frames, within the media and never empty.
   *
   * @param cuts at least one
   */
  public static HandoverTimeline of(String name, HandoverSource source, List<Cut> cuts) {
    return new HandoverTimeline(name, source, cuts.stream().map(cut -> clip(source, cut)).toList());
  }

  private static HandoverClip clip(HandoverSource source, Cut cut) {
    long from = Math.clamp(source.nearestFrame(cut.span().fromUs()), 0, source.frames() - 1);
    long to = Math.clamp(source.nearestFrame(cut.span().toUs()), from + 1, source.frames());
    List<HandoverMarker> markers = new ArrayList<>();
    for (Signal signal : cut.signals()) {
      long frame = source.nearestFrame(signal.atUs());
      if (frame >= from && frame < to) {
        markers.add(
            new HandoverMarker(frame, signal.kind().wire().replace('_', ' '), signal.detail()));
      }
    }
    markers.sort(Comparator.comparingLong(HandoverMarker::frame));
    return new HandoverClip(cut.name(), from, to, cut.note(), markers);
  }

  public long frames() {
    return clips.stream().mapToLong(HandoverClip::frames).sum();
  }
}
