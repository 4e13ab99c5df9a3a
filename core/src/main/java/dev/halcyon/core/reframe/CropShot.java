package dev.halcyon.core.reframe;

import dev.halcyon.core.analysis.TimeSpan;
import java.util.List;
import java.util.Objects;

/**
 * One shot of the source and how it is framed.
 *
 * @param span media time
 * @param cameras one; two for {@link CropLayout#SPLIT}, the upper one first; for {@link
 *     CropLayout#PAD} one that sees all of the source
 * @param why a short sentence for people
 */
public record CropShot(TimeSpan span, CropLayout layout, List<CropCamera> cameras, String why) {
  public CropShot {
    Objects.requireNonNull(span, "span");
    Objects.requireNonNull(why, "why");
    cameras = List.copyOf(cameras);
    if (cameras.size() != (layout == CropLayout.SPLIT ? 2 : 1)) {
      throw new IllegalArgumentException(
          "cameras do not fit the layout [layout=" + layout + ", cameras=" + cameras.size() + "]");
    }
  }
}
