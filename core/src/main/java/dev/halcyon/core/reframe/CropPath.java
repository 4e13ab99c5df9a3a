package dev.halcyon.core.reframe;

import dev.halcyon.core.analysis.TimeSpan;
import java.util.List;
import java.util.Objects;

/**
 * How a window of a source is framed, shot by shot. Cameras move within shots and jump between
 * them. Times are media time of the source, not of the clip. Immutable; any thread.
 *
 * @param target aspect of the clip
 * @param shots in order of time, without gaps, at least one
 */
public record CropPath(Aspect target, List<CropShot> shots) {
  public CropPath {
    Objects.requireNonNull(target, "target");
    shots = List.copyOf(shots);
    if (shots.isEmpty()) {
      throw new IllegalArgumentException("no shots");
    }
    for (int i = 1; i < shots.size(); i++) {
      if (shots.get(i).span().fromUs() != shots.get(i - 1).span().toUs()) {
        throw new IllegalArgumentException(
            "a gap between shots [atUs=" + shots.get(i).span().fromUs() + "]");
      }
    }
  }

  public TimeSpan span() {
    return new TimeSpan(shots.getFirst().span().fromUs(), shots.getLast().span().toUs());
  }

  /** What is seen at a media time; outside of {@link #span} what is seen at its nearest end. */
  public CropView at(long atUs) {
    CropShot shot = shotAt(atUs);
    long heldUs = Math.clamp(atUs, shot.span().fromUs(), shot.span().toUs());
    return new CropView(
        shot.layout(), shot.cameras().stream().map(camera -> camera.at(heldUs)).toList());
  }

  /** The last shot that begins at or before a time, else the first. */
  public CropShot shotAt(long atUs) {
    int low = 1;
    int high = shots.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (shots.get(middle).span().fromUs() <= atUs) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return shots.get(low - 1);
  }
}
