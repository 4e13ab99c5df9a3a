package dev.halcyon.verticles.job;

import dev.halcyon.core.analysis.TimeSpan;
import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.ClipReason;
import dev.halcyon.core.detect.Signal;
import dev.halcyon.core.handover.HandoverRates;
import dev.halcyon.core.handover.HandoverSource;
import dev.halcyon.core.handover.HandoverTimeline;
import dev.halcyon.core.handover.HandoverTimeline.Cut;
import dev.halcyon.core.media.FrameRate;
import dev.halcyon.core.render.PictureForm;
import dev.halcyon.core.render.RenderSpec;
import dev.halcyon.core.render.RenderTimeline;
import dev.halcyon.verticles.store.JobClipStore.Made;
import java.util.List;

/**
 * One rendered clip as editors' programs take it over: its parts as cuts of the source where that
 * is known, else its own file as a whole. No state.
 */
public final class ClipHandover {
  private static final int CHANNELS = 2;
  private static final int RATE_HZ = 48_000;

  private ClipHandover() {}

  /**
   * @param fileName of the clip's own file as it is downloaded
   */
  public static HandoverTimeline of(Clip clip, Made made, String fileName) {
    String note = clip.reason().choice().map(ClipReason.Choice::reasoning).orElse("");
    return made.source()
        .map(source -> ofSource(clip, made.spec(), source, note))
        .orElseGet(() -> ofFile(clip, made.spec(), fileName, note));
  }

  private static HandoverTimeline ofSource(
      Clip clip, RenderSpec spec, HandoverSource source, String note) {
    List<Cut> cuts =
        spec.timeline().parts().stream()
            .map(part -> new Cut(clip.title(), part, note, clip.reason().signals()))
            .toList();
    return HandoverTimeline.of(clip.title(), source, cuts);
  }

  private static HandoverTimeline ofFile(Clip clip, RenderSpec spec, String fileName, String note) {
    PictureForm picture = spec.picture();
    FrameRate rate = HandoverRates.nearest(picture.frameRate());
    boolean hasSound = spec.source().soundStream().isPresent();
    HandoverSource file =
        new HandoverSource(
            fileName,
            HandoverSource.urlOf(fileName),
            rate,
            Math.max(1, HandoverSource.framesIn(spec.lengthUs(), rate)),
            0,
            false,
            picture.widthPx(),
            picture.heightPx(),
            hasSound ? CHANNELS : 0,
            hasSound ? RATE_HZ : 0,
            0,
            hasSound ? CHANNELS : 0);
    List<Signal> signals =
        clip.reason().signals().stream()
            .filter(signal -> isIn(spec.timeline(), signal.atUs()))
            .map(signal -> at(signal, spec.timeline().clipUs(signal.atUs())))
            .toList();
    Cut whole = new Cut(clip.title(), new TimeSpan(0, spec.lengthUs()), note, signals);
    return HandoverTimeline.of(clip.title(), file, List.of(whole));
  }

  private static boolean isIn(RenderTimeline timeline, long atUs) {
    return timeline.parts().stream().anyMatch(part -> atUs >= part.fromUs() && atUs < part.toUs());
  }

  private static Signal at(Signal signal, long clipUs) {
    return new Signal(signal.kind(), clipUs, signal.strength(), signal.detail());
  }
}
