package dev.halcyon.verticles.store;

import dev.halcyon.core.clip.Crossing;
import dev.halcyon.core.detect.DetectionSettings;
import dev.halcyon.core.stream.RecordingMode;
import dev.halcyon.core.stream.RingSettings;
import dev.halcyon.core.stream.StreamSettings;
import dev.halcyon.core.stream.StreamSource;
import dev.halcyon.core.stream.Takeover;
import io.vertx.core.json.JsonObject;
import java.util.Locale;

/** A stream's source and settings as JSON, the same in the database and in the API. */
public final class StreamShapes {
  private StreamShapes() {}

  public static JsonObject sourceJson(StreamSource source) {
    return switch (source) {
      case StreamSource.Push() -> new JsonObject().put("type", "push");
      case StreamSource.Pull(String url, StreamSource.Pace pace) ->
          new JsonObject().put("type", "pull").put("url", url).put("pace", pace.wire());
    };
  }

  /**
   * @throws IllegalArgumentException when it is neither
   */
  public static StreamSource sourceOf(JsonObject json) {
    return switch (json.getString("type", "")) {
      case "push" -> new StreamSource.Push();
      case "pull" ->
          new StreamSource.Pull(
              json.getString("url", ""),
              StreamSource.Pace.ofWire(json.getString("pace", StreamSource.Pace.REAL_TIME.wire())));
      case String other ->
          throw new IllegalArgumentException("source.type is neither push nor pull: " + other);
    };
  }

  public static JsonObject settingsJson(StreamSettings settings) {
    DetectionSettings detection = settings.detection();
    return new JsonObject()
        .put(
            "ring",
            new JsonObject()
                .put("capacity_s", settings.ring().capacityS())
                .put("capacity_bytes", settings.ring().capacityBytes()))
        .put("recording", settings.recording().name().toLowerCase(Locale.ROOT))
        .put("epochs", settings.epochs().wire())
        .put("takeover", settings.takeover().wire())
        .put(
            "detection",
            new JsonObject()
                .put("enabled", detection.enabled())
                .put("threshold", detection.threshold())
                .put("pre_roll_s", detection.preRollS())
                .put("post_roll_s", detection.postRollS())
                .put("merge_window_s", detection.mergeWindowS())
                .put("cooldown_s", detection.cooldownS())
                .put("min_signals", detection.minSignals()));
  }

  /** Settings whose absent parts are the defaults. */
  public static StreamSettings settingsOf(JsonObject json) {
    return changed(StreamSettings.DEFAULT, json);
  }

  /**
   * {@code settings} with the parts that {@code change} names.
   *
   * @throws IllegalArgumentException when a value is out of its range; the message names it
   */
  public static StreamSettings changed(StreamSettings settings, JsonObject change) {
    JsonObject ring = change.getJsonObject("ring", new JsonObject());
    JsonObject detection = change.getJsonObject("detection", new JsonObject());
    DetectionSettings before = settings.detection();
    return new StreamSettings(
        new RingSettings(
            ring.getInteger("capacity_s", settings.ring().capacityS()),
            ring.getLong("capacity_bytes", settings.ring().capacityBytes())),
        change.containsKey("recording")
            ? RecordingMode.valueOf(change.getString("recording").toUpperCase(Locale.ROOT))
            : settings.recording(),
        change.containsKey("epochs")
            ? Crossing.ofWire(change.getString("epochs"))
            : settings.epochs(),
        change.containsKey("takeover")
            ? Takeover.ofWire(change.getString("takeover"))
            : settings.takeover(),
        new DetectionSettings(
            detection.getBoolean("enabled", before.enabled()),
            detection.getDouble("threshold", before.threshold()),
            detection.getDouble("pre_roll_s", before.preRollS()),
            detection.getDouble("post_roll_s", before.postRollS()),
            detection.getDouble("merge_window_s", before.mergeWindowS()),
            detection.getDouble("cooldown_s", before.cooldownS()),
            detection.getInteger("min_signals", before.minSignals())));
  }
}
