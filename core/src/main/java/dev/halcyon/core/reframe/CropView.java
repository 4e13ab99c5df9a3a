package dev.halcyon.core.reframe;

import java.util.List;
import java.util.Objects;

/**
 * What of the source is seen at one moment.
 *
 * @param rects one; two for {@link CropLayout#SPLIT}, the upper one first
 */
public record CropView(CropLayout layout, List<CropRect> rects) {
  public CropView {
    Objects.requireNonNull(layout, "layout");
    rects = List.copyOf(rects);
  }
}
