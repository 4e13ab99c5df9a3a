package dev.halcyon.core.media;

import java.util.Objects;

/**
 * An audio track's coding. AAC packets are raw access units (no ADTS).
 *
 * @param config see {@link TrackFormat#config()}
 */
public record AudioFormat(Codec codec, int sampleRateHz, int channels, Bytes config)
    implements TrackFormat {
  public AudioFormat {
    Objects.requireNonNull(config, "config");
    if (codec.isVideo()) {
      throw new IllegalArgumentException("not an audio codec [codec=" + codec + "]");
    }
    if (sampleRateHz < 1 || sampleRateHz > 768_000 || channels < 1 || channels > 64) {
      throw new IllegalArgumentException(
          "audio format out of range [sampleRateHz="
              + sampleRateHz
              + ", channels="
              + channels
              + "]");
    }
  }

  public AudioFormat withConfig(Bytes other) {
    return new AudioFormat(codec, sampleRateHz, channels, other);
  }
}
