package dev.halcyon.core.render;

import dev.halcyon.core.media.Codec;

/**
 * How pictures are encoded: H.264 High or H.265 Main at constant quality, closed GOPs.
 *
 * @param codec H264 or HEVC
 * @param preset how much work x264 or x265 does
 * @param crf their constant quality, 0 (best) to 51; the same number is less of x265's bits
 * @param keyframeFrames pictures from one keyframe to the next at most; a chunk is as long
 */
public record PictureCoding(Codec codec, Preset preset, int crf, int keyframeFrames) {
  /** x264's and x265's names of amounts of work. */
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
    if (codec != Codec.H264 && codec != Codec.HEVC) {
      throw new IllegalArgumentException("clips are H.264 or H.265 [codec=" + codec + "]");
    }
    if (crf < 0 || crf > MAX_CRF || keyframeFrames < 1 || keyframeFrames > MAX_KEYFRAME_FRAMES) {
      throw new IllegalArgumentException(
          "coding out of range [crf=" + crf + ", keyframeFrames=" + keyframeFrames + "]");
    }
  }

  /** What clips are posted with: {@code veryfast}, CRF 20, a keyframe every two seconds. */
  public static PictureCoding usual(PictureForm form) {
    return usual(form, Codec.H264);
  }

  /** The same with another codec: about as good to look at, at fewer bits. */
  public static PictureCoding usual(PictureForm form, Codec codec) {
    int crf = codec == Codec.HEVC ? 23 : 20;
    return new PictureCoding(codec, Preset.VERYFAST, crf, form.frames(2_000_000));
  }
}
