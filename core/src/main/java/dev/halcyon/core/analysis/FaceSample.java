package dev.halcyon.core.analysis;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One picture that was looked at for faces.
 *
 * @param atUs begin of the picture
 * @param faces largest first; empty when none was found
 * @param motion since the picture before; empty where that is of another shot, or nothing moves
 */
public record FaceSample(long atUs, List<FaceBox> faces, Optional<MotionCentre> motion) {
  public FaceSample {
    faces = List.copyOf(faces);
    Objects.requireNonNull(motion, "motion");
  }
}
