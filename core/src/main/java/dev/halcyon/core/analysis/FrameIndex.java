package dev.halcyon.core.analysis;

import java.util.Arrays;
import java.util.BitSet;
import java.util.OptionalInt;

/**
 * When each picture of a file is shown, and which are keyframes. Numbers count the shown pictures
 * from 0 in the order of presentation; times are media time. Some eight bytes a picture. Immutable.
 */
public final class FrameIndex {
  private final long[] ptsUs;
  private final BitSet keyframes;
  private final long endUs;

  private FrameIndex(long[] ptsUs, BitSet keyframes, long endUs) {
    this.ptsUs = ptsUs;
    this.keyframes = keyframes;
    this.endUs = endUs;
  }

  /**
   * @param ptsUs when each picture begins, strictly increasing; copied
   * @param keyframes their numbers, increasing; copied
   * @param endUs when the last picture ends
   */
  public static FrameIndex of(long[] ptsUs, int[] keyframes, long endUs) {
    Builder builder = new Builder();
    int next = 0;
    for (int frame = 0; frame < ptsUs.length; frame++) {
      boolean isKeyframe = next < keyframes.length && keyframes[next] == frame;
      if (isKeyframe) {
        builder.addKeyframe(ptsUs[frame]);
        next++;
      } else {
        builder.add(ptsUs[frame]);
      }
    }
    if (next != keyframes.length) {
      throw new IllegalArgumentException(
          "no such picture, or out of order [keyframe=" + keyframes[next] + "]");
    }
    return builder.build(endUs);
  }

  /** How many pictures are shown. */
  public int frames() {
    return ptsUs.length;
  }

  /** When a picture begins. */
  public long ptsUs(int frame) {
    return ptsUs[frame];
  }

  /** When a picture gives way to the next, or ends. */
  public long endUs(int frame) {
    return frame + 1 < ptsUs.length ? ptsUs[frame + 1] : endUs;
  }

  /** When the last picture ends; 0 when there is none. */
  public long endUs() {
    return endUs;
  }

  /** The picture that is shown at a time: the last that begins at or before it. */
  public OptionalInt frameAt(long atUs) {
    int place = place(atUs);
    return place < 0 || atUs >= endUs ? OptionalInt.empty() : OptionalInt.of(place);
  }

  /** The first picture that begins at or after a time. */
  public OptionalInt frameFrom(long atUs) {
    int place = Arrays.binarySearch(ptsUs, atUs);
    int frame = place >= 0 ? place : -place - 1;
    return frame < ptsUs.length ? OptionalInt.of(frame) : OptionalInt.empty();
  }

  /** The last picture that begins at or before a time, −1 before the first. */
  private int place(long atUs) {
    int place = Arrays.binarySearch(ptsUs, atUs);
    return place >= 0 ? place : -place - 2;
  }

  public boolean isKeyframe(int frame) {
    return keyframes.get(frame);
  }

  /** The picture itself when it is a keyframe, else the last one before it. */
  public OptionalInt keyframeAtOrBefore(int frame) {
    int found = keyframes.previousSetBit(frame);
    return found < 0 ? OptionalInt.empty() : OptionalInt.of(found);
  }

  /** The numbers of all keyframes, a copy. */
  public int[] keyframes() {
    return keyframes.stream().toArray();
  }

  /** When each picture begins, a copy. */
  public long[] ptsUs() {
    return ptsUs.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FrameIndex that
        && Arrays.equals(ptsUs, that.ptsUs)
        && keyframes.equals(that.keyframes)
        && endUs == that.endUs;
  }

  @Override
  public int hashCode() {
    return 31 * (31 * Arrays.hashCode(ptsUs) + keyframes.hashCode()) + Long.hashCode(endUs);
  }

  @Override
  public String toString() {
    return "FrameIndex[frames="
        + ptsUs.length
        + ", keyframes="
        + keyframes.cardinality()
        + ", endUs="
        + endUs
        + "]";
  }

  /** Collects an index, picture by picture in the order of presentation. One thread. */
  public static final class Builder {
    private long[] ptsUs = new long[1024];
    private final BitSet keyframes = new BitSet();
    private int frames;

    /** Adds a picture that is no keyframe. */
    public Builder add(long atUs) {
      if (frames > 0 && atUs <= ptsUs[frames - 1]) {
        throw new IllegalArgumentException(
            "not after the picture before [ptsUs=" + atUs + ", before=" + ptsUs[frames - 1] + "]");
      }
      if (frames == ptsUs.length) {
        ptsUs = Arrays.copyOf(ptsUs, frames + frames / 2);
      }
      ptsUs[frames++] = atUs;
      return this;
    }

    public Builder addKeyframe(long atUs) {
      add(atUs);
      keyframes.set(frames - 1);
      return this;
    }

    /** How many pictures were added. */
    public int frames() {
      return frames;
    }

    /**
     * @param endUs when the last picture ends
     */
    public FrameIndex build(long endUs) {
      if (frames > 0 && endUs <= ptsUs[frames - 1]) {
        throw new IllegalArgumentException(
            "the last picture is shown for no time [endUs=" + endUs + "]");
      }
      return new FrameIndex(
          Arrays.copyOf(ptsUs, frames), (BitSet) keyframes.clone(), frames == 0 ? 0 : endUs);
    }
  }
}
