package dev.halcyon.core.asset;

import java.util.List;
import java.util.Optional;

/**
 * What a media file holds, as found by reading it, not as its headers or its name say.
 *
 * <p>Media time counts from 0, where the first of its pictures and sounds is presented, edit lists
 * applied. In the file's own time that is {@code startUs}.
 *
 * @param container FFmpeg's name of the format, the first where it has several: {@code mov}, {@code
 *     matroska}, {@code mpegts}, …
 * @param startUs what the file's own time stamps say at media time 0
 * @param durationUs to the end of the last picture or sound; measured
 * @param bytes of the file
 * @param picture the one that is used; empty for a file with sound alone
 * @param sounds those that can be decoded, in the file's order
 * @param notices sentences for people: what is ignored, what the headers say wrongly
 */
public record MediaProbe(
    String container,
    long startUs,
    long durationUs,
    long bytes,
    Optional<PictureStream> picture,
    List<SoundStream> sounds,
    List<String> notices) {
  public MediaProbe {
    sounds = List.copyOf(sounds);
    notices = List.copyOf(notices);
    if (durationUs < 1 || bytes < 1) {
      throw new IllegalArgumentException(
          "nothing there [durationUs=" + durationUs + ", bytes=" + bytes + "]");
    }
    if (picture.isEmpty() && sounds.isEmpty()) {
      throw new IllegalArgumentException("neither picture nor sound");
    }
    long defaults = sounds.stream().filter(SoundStream::isDefault).count();
    if (defaults != (sounds.isEmpty() ? 0 : 1)) {
      throw new IllegalArgumentException("not one default sound [defaults=" + defaults + "]");
    }
  }

  /** The sound to take when nobody chooses. */
  public Optional<SoundStream> defaultSound() {
    return sounds.stream().filter(SoundStream::isDefault).findFirst();
  }

  /** All bytes of the file over its duration. */
  public long bitsPerSecond() {
    return Math.round(bytes * 8e6 / durationUs);
  }
}
