package dev.halcyon.core.stream;

import dev.halcyon.core.clip.Crossing;
import dev.halcyon.core.detect.DetectionSettings;
import java.util.Objects;

/**
 * What an owner may set on a stream; every part can change while the stream runs.
 *
 * @param takeover what becomes of a second publisher
 * @param epochs what becomes of clips whose window spans epochs
 */
public record StreamSettings(
    RingSettings ring,
    RecordingMode recording,
    Crossing epochs,
    Takeover takeover,
    DetectionSettings detection) {
  public static final StreamSettings DEFAULT =
      new StreamSettings(
          RingSettings.DEFAULT,
          RecordingMode.OFF,
          Crossing.STITCH,
          Takeover.REFUSE,
          DetectionSettings.DEFAULT);

  public StreamSettings {
    Objects.requireNonNull(ring, "ring");
    Objects.requireNonNull(recording, "recording");
    Objects.requireNonNull(epochs, "epochs");
    Objects.requireNonNull(takeover, "takeover");
    Objects.requireNonNull(detection, "detection");
  }
}
