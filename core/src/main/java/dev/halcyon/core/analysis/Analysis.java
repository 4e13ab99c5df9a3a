package dev.halcyon.core.analysis;

import java.util.Objects;
import java.util.Optional;

/**
 * What one decode of a file found. A part is empty when it was not asked for, or the file has
 * nothing of its kind.
 *
 * @param frames of the pictures; of the keyframes alone when no more were looked at
 * @param damagedPackets what could not be decoded and was passed over
 */
public record Analysis(
    Optional<FrameIndex> frames,
    Optional<SoundAnalysis> sound,
    Optional<SceneAnalysis> scenes,
    Optional<FaceAnalysis> faces,
    long damagedPackets) {
  public Analysis {
    Objects.requireNonNull(frames, "frames");
    Objects.requireNonNull(sound, "sound");
    Objects.requireNonNull(scenes, "scenes");
    Objects.requireNonNull(faces, "faces");
  }
}
