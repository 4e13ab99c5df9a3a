package dev.halcyon.core.render;

import dev.halcyon.core.analysis.TimeSpan;
import dev.halcyon.core.caption.CaptionDrawing;
import dev.halcyon.core.reframe.CropCamera;
import dev.halcyon.core.reframe.CropShot;
import dev.halcyon.core.reframe.CropView;
import java.util.List;

/**
 * One picture of a render.
 *
 * @param mediaUs the source's picture that is shown then is the one
 * @param preferred a picture that begins in it is taken rather than one from before it; empty where
 *     the clip, or its part, does not begin near
 * @param stills whether each camera of the view stands still in its shot, and may therefore be
 *     moved by less than a pixel to where it need not be resampled
 * @param caption what is written over it
 */
public record FramePlan(
    long mediaUs, TimeSpan preferred, CropView view, List<Boolean> stills, CaptionDrawing caption) {
  /** How near to a part's beginning its pictures are preferred, even if they begin a bit later. */
  private static final long NEAR_US = 1_000_000;

  public FramePlan {
    stills = List.copyOf(stills);
  }

  /**
   * @param frame of the clip, 0 the first
   */
  static FramePlan of(RenderSpec spec, int frame) {
    RenderTimeline timeline = spec.timeline();
    long clipUs = spec.picture().frameRate().usOfTick(frame);
    long nextUs = spec.picture().frameRate().usOfTick(frame + 1);
    // What is on show in the middle of the picture's time: evens out stamps in milliseconds, and
    // parts whose lengths are rounded to microseconds.
    long middleUs = clipUs + (nextUs - clipUs) / 2;
    int number = timeline.partAt(middleUs);
    TimeSpan part = timeline.parts().get(number);
    long inPartUs = middleUs - timeline.startUs(number);
    long mediaUs = Math.min(part.fromUs() + inPartUs, part.toUs() - 1);
    CropShot shot = spec.crop().shotAt(mediaUs);
    return new FramePlan(
        mediaUs,
        preferred(part, mediaUs),
        spec.crop().at(mediaUs),
        shot.cameras().stream().map(FramePlan::isStill).toList(),
        spec.captions().track().at(clipUs));
  }

  private static TimeSpan preferred(TimeSpan part, long mediaUs) {
    return mediaUs - part.fromUs() < NEAR_US
        ? new TimeSpan(part.fromUs(), Math.min(part.toUs(), mediaUs + NEAR_US))
        : new TimeSpan(mediaUs, mediaUs);
  }

  private static boolean isStill(CropCamera camera) {
    return camera.keys().stream()
        .allMatch(
            key ->
                key.centreX() == camera.keys().getFirst().centreX()
                    && key.centreY() == camera.keys().getFirst().centreY()
                    && key.height() == camera.keys().getFirst().height());
  }
}
