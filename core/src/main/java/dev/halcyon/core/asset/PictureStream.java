package dev.halcyon.core.asset;

import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.FrameRate;
import dev.halcyon.core.media.Orientation;
import dev.halcyon.core.media.SampleAspect;
import java.util.Objects;

/**
 * The pictures of a file that are used.
 *
 * @param index of the stream in its file
 * @param codedWidthPx as decoded, neither turned nor stretched
 * @param displayWidthPx as a player shows it: turned upright, with square pixels
 * @param frameRate pictures a second on the mean; the nominal rate where all are equally long
 * @param isVariableRate whether pictures are shown for different times
 * @param orientation how a player turns the decoded pictures
 * @param aspect of a decoded sample
 * @param isInterlaced whether the pictures consist of two fields from different times
 * @param bits a sample
 * @param pictures how many the file holds, shown or not
 */
public record PictureStream(
    int index,
    Codec codec,
    int codedWidthPx,
    int codedHeightPx,
    int displayWidthPx,
    int displayHeightPx,
    FrameRate frameRate,
    boolean isVariableRate,
    Orientation orientation,
    SampleAspect aspect,
    boolean isInterlaced,
    Transfer transfer,
    int bits,
    long pictures) {
  public PictureStream {
    Objects.requireNonNull(frameRate, "frameRate");
    Objects.requireNonNull(orientation, "orientation");
    Objects.requireNonNull(aspect, "aspect");
    Objects.requireNonNull(transfer, "transfer");
    if (!codec.isVideo()) {
      throw new IllegalArgumentException("not a video codec [codec=" + codec + "]");
    }
    if (index < 0 || pictures < 0 || bits < 1) {
      throw new IllegalArgumentException(
          "out of range [index=" + index + ", pictures=" + pictures + ", bits=" + bits + "]");
    }
    if (Math.min(codedWidthPx, codedHeightPx) < 1
        || Math.min(displayWidthPx, displayHeightPx) < 1) {
      throw new IllegalArgumentException(
          "no size [coded="
              + codedWidthPx
              + "x"
              + codedHeightPx
              + ", display="
              + displayWidthPx
              + "x"
              + displayHeightPx
              + "]");
    }
  }
}
