package dev.halcyon.core.asset;

import java.util.Objects;

/**
 * One of the sounds of a file.
 *
 * @param index of the stream in its file
 * @param codec FFmpeg's name: {@code aac}, {@code opus}, {@code vorbis}, {@code pcm_s16le}, …
 * @param sampleRateHz as decoded
 * @param channels as decoded
 * @param language as the file says it (ISO 639), empty when it does not
 * @param isDefault whether it is the one to take when nobody chooses; exactly one of a file is
 */
public record SoundStream(
    int index, String codec, int sampleRateHz, int channels, String language, boolean isDefault) {
  public SoundStream {
    Objects.requireNonNull(codec, "codec");
    Objects.requireNonNull(language, "language");
    if (index < 0 || sampleRateHz < 1 || channels < 1) {
      throw new IllegalArgumentException(
          "out of range [index="
              + index
              + ", sampleRateHz="
              + sampleRateHz
              + ", channels="
              + channels
              + "]");
    }
  }
}
