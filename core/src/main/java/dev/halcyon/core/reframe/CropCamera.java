package dev.halcyon.core.reframe;

import java.util.List;

/**
 * The way of one virtual camera through a shot. Before its first key it stands there, after its
 * last one there.
 *
 * @param aspect width of its rectangle for its height, both in parts of the source's
 * @param keys in order of time, at least one
 */
public record CropCamera(double aspect, List<CropKey> keys) {
  public CropCamera {
    keys = List.copyOf(keys);
    if (keys.isEmpty() || !(aspect > 0 && aspect < Double.MAX_VALUE)) {
      throw new IllegalArgumentException(
          "no way of a camera [keys=" + keys.size() + ", aspect=" + aspect + "]");
    }
    for (int i = 1; i < keys.size(); i++) {
      if (keys.get(i).atUs() <= keys.get(i - 1).atUs()) {
        throw new IllegalArgumentException(
            "keys are out of order [atUs=" + keys.get(i).atUs() + "]");
      }
    }
  }

  /** What it sees at a media time. */
  public CropRect at(long atUs) {
    int next = after(atUs);
    if (next == 0 || next == keys.size()) {
      CropKey key = keys.get(Math.max(0, next - 1));
      return rect(key.centreX(), key.centreY(), key.height());
    }
    CropKey from = keys.get(next - 1);
    CropKey to = keys.get(next);
    double part = (double) (atUs - from.atUs()) / (to.atUs() - from.atUs());
    return rect(
        from.centreX() + part * (to.centreX() - from.centreX()),
        from.centreY() + part * (to.centreY() - from.centreY()),
        from.height() + part * (to.height() - from.height()));
  }

  /** The first key after a time. */
  private int after(long atUs) {
    int low = 0;
    int high = keys.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (keys.get(middle).atUs() <= atUs) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private CropRect rect(double centreX, double centreY, double height) {
    double width = Math.min(1, aspect * height);
    return new CropRect(
        Math.clamp(centreX - width / 2, 0, 1 - width),
        Math.clamp(centreY - height / 2, 0, 1 - height),
        width,
        height);
  }
}
