package dev.halcyon.core.stream;

import dev.halcyon.core.detect.DetectionSettings;
import java.util.Objects;

/** What an owner may set on a stream; every part can change while the stream runs. */
public record StreamSettings(
    RingSettings ring, RecordingMode recording, DetectionSettings detection) {
  public static final StreamSettings DEFAULT =
      new StreamSettings(RingSettings.DEFAULT, RecordingMode.OFF, DetectionSettings.DEFAULT);

  public StreamSettings {
    Objects.requireNonNull(ring, "ring");
    Objects.requireNonNull(recording, "recording");
    Objects.requireNonNull(detection, "detection");
  }
}
