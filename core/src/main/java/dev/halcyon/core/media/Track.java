package dev.halcyon.core.media;

import java.util.Objects;

/**
 * One elementary stream of an epoch.
 *
 * @param index 0..{@value #MAX_TRACKS}-1; video first, then audio, by convention
 */
public record Track(int index, TrackFormat format) {
  public static final int MAX_TRACKS = 16;

  public Track {
    Objects.requireNonNull(format, "format");
    if (index < 0 || index >= MAX_TRACKS) {
      throw new IllegalArgumentException("track index out of range [index=" + index + "]");
    }
  }

  public boolean isVideo() {
    return format.codec().isVideo();
  }
}
