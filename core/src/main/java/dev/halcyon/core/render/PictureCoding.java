package dev.halcyon.core.render;

/**
 * How pictures are encoded: H.264 High at constant quality, closed GOPs.
 *
 * @param preset how much work x264 does
 * @param crf x264's constant quality, 0 (best) to 51
 * @param keyframeFrames pictures from one keyframe to the next at most; a chunk is as long
 */
public record PictureCoding(Preset preset, int crf, int keyframeFrames) {
  /** x264's names of amounts of work. */
  public enum Preset {
    ULTRAFAST,
    SUPERFAST,
    VERYFAST,
    FASTER,
    FAST,
    MEDIUM,
    SLOW
  }

  private static final int MAX_CRF = 51;
  private static final int MAX_KEYFRAME_FRAMES = 1200;

  public PictureCoding {
    if (crf < 0 || crf > MAX_CRF || keyframeFrames < 1 || keyframeFrames > MAX_KEYFRAME_FRAMES) {
      throw new IllegalArgumentException(
          "coding out of range [crf=" + crf + ", keyframeFrames=" + keyframeFrames + "]");
    }
  }

  /** What clips are posted with: {@code veryfast}, CRF 20, a keyframe every two seconds. */
  public static PictureCoding usual(PictureForm form) {
    return new PictureCoding(Preset.VERYFAST, 20, form.frames(2_000_000));
  }
}
