package dev.halcyon.core.analysis;

import java.util.List;

/**
 * Faces and motion of a file, sampled about twice a second and at the begin and end of each shot.
 *
 * @param samples in order of time
 */
public record FaceAnalysis(List<FaceSample> samples) {
  public static final FaceAnalysis NONE = new FaceAnalysis(List.of());

  public FaceAnalysis {
    samples = List.copyOf(samples);
    for (int i = 1; i < samples.size(); i++) {
      if (samples.get(i).atUs() <= samples.get(i - 1).atUs()) {
        throw new IllegalArgumentException(
            "samples are out of order [atUs=" + samples.get(i).atUs() + "]");
      }
    }
  }

  /** The samples in a stretch of time. */
  public List<FaceSample> within(TimeSpan span) {
    return samples.subList(place(span.fromUs()), place(span.toUs()));
  }

  /** Of the first sample at or after a time. */
  private int place(long atUs) {
    int low = 0;
    int high = samples.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (samples.get(middle).atUs() < atUs) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
