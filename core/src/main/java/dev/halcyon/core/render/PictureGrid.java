package dev.halcyon.core.render;

import dev.halcyon.core.analysis.FrameIndex;
import dev.halcyon.core.media.FrameRate;
import java.util.OptionalInt;

/**
 * Where pictures begin in a source, as far as they come evenly. What is cut on it keeps pictures
 * and sound in step: parts are whole pictures long, and begin with one. Immutable; any thread.
 *
 * @param originUs where one of them begins, media time
 */
public record PictureGrid(long originUs, FrameRate rate) {
  /**
   * The grid of the pictures near a time; the time itself is on it where none begins near.
   *
   * @param frames may be of keyframes alone
   */
  public static PictureGrid near(long atUs, FrameIndex frames, FrameRate rate) {
    long halfUs = rate.usOfTick(1) / 2;
    OptionalInt next = frames.frameFrom(Math.max(0, atUs - halfUs));
    boolean isNear = next.isPresent() && frames.ptsUs(next.getAsInt()) <= atUs + halfUs;
    return new PictureGrid(isNear ? frames.ptsUs(next.getAsInt()) : atUs, rate);
  }

  /** The last place on the grid at or before a time. */
  public long floorUs(long us) {
    long tick = tick(us);
    return originUs + rate.usOfTick(originUs + rate.usOfTick(tick) > us ? tick - 1 : tick);
  }

  /** The first place on the grid at or after a time. */
  public long ceilUs(long us) {
    long tick = tick(us);
    return originUs + rate.usOfTick(originUs + rate.usOfTick(tick) < us ? tick + 1 : tick);
  }

  /** The nearest place on the grid. */
  public long nearestUs(long us) {
    long floorUs = floorUs(us);
    long ceilUs = ceilUs(us);
    return us - floorUs <= ceilUs - us ? floorUs : ceilUs;
  }

  /** The nearest, or its neighbour. */
  private long tick(long us) {
    return Math.floorDiv((us - originUs) * rate.numerator(), 1_000_000L * rate.denominator());
  }
}
