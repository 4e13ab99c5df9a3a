package dev.halcyon.verticles.realtime;

import dev.halcyon.core.event.ClipEvent;
import dev.halcyon.core.event.StreamEvent;
import dev.halcyon.core.event.StreamEvent.HighlightDetected;
import dev.halcyon.core.event.StreamEvent.IngestAlert;
import dev.halcyon.core.event.StreamEvent.LevelsMeasured;
import dev.halcyon.core.event.StreamEvent.RingShrunk;
import dev.halcyon.core.event.StreamEvent.SignalRaised;
import dev.halcyon.core.event.StreamEvent.StreamEnded;
import dev.halcyon.core.event.StreamEvent.StreamStarted;
import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Track;
import dev.halcyon.core.media.VideoFormat;
import dev.halcyon.verticles.api.ClipJson;
import dev.halcyon.verticles.api.Times;
import dev.halcyon.verticles.store.ClipShapes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;

/**
 * Facts about streams and clips as listeners receive them: {@code
 * {"type","stream_id","at","data"}}, with {@code job_id} instead for the clips of a job.
 */
public final class EventJson {
  private final ClipJson clips;

  public EventJson(ClipJson clips) {
    this.clips = clips;
  }

  public JsonObject of(StreamEvent event) {
    return new JsonObject()
        .put("type", event.type())
        .put("stream_id", event.streamId().toString())
        .put("at", Times.text(event.at()))
        .put("data", data(event));
  }

  public JsonObject of(ClipEvent event) {
    return new JsonObject()
        .put("type", event.type())
        .put(ClipJson.originField(event.origin()), event.origin().id().toString())
        .put("at", Times.text(event.at()))
        .put("data", data(event));
  }

  private JsonObject data(ClipEvent event) {
    return switch (event) {
      case ClipEvent.WithClip told -> clips.of(told.clip());
      case ClipEvent.Deleted deleted ->
          new JsonObject()
              .put("id", deleted.clipId().toString())
              .put("restorable_until", Times.text(deleted.restorableUntil()));
    };
  }

  private static JsonObject data(StreamEvent event) {
    return switch (event) {
      case StreamStarted started ->
          new JsonObject().put("epoch", started.epoch()).put("tracks", tracks(started.tracks()));
      case StreamEnded ended ->
          new JsonObject().put("epoch", ended.epoch()).put("reason", ended.reason());
      case SignalRaised raised -> ClipShapes.signalJson(raised.signal());
      case LevelsMeasured levels ->
          new JsonObject()
              .put("from_us", levels.fromUs())
              .put("step_us", levels.stepUs())
              .put("lufs", new JsonArray(levels.lufs()));
      case HighlightDetected detected ->
          new JsonObject()
              .put("from_us", detected.highlight().fromUs())
              .put("to_us", detected.highlight().toUs())
              .put("score", detected.highlight().score())
              .put("signals", ClipShapes.signalsJson(detected.highlight().signals()));
      case RingShrunk shrunk -> new JsonObject().put("capacity_bytes", shrunk.capacityBytes());
      case IngestAlert alert ->
          new JsonObject().put("code", alert.code()).put("message", alert.message());
    };
  }

  private static JsonArray tracks(List<Track> tracks) {
    JsonArray json = new JsonArray();
    tracks.forEach(track -> json.add(track(track)));
    return json;
  }

  private static JsonObject track(Track track) {
    JsonObject json =
        new JsonObject()
            .put("index", track.index())
            .put("codec", track.format().codec().name().toLowerCase(Locale.ROOT));
    return switch (track.format()) {
      case VideoFormat video -> json.put("width", video.widthPx()).put("height", video.heightPx());
      case AudioFormat audio ->
          json.put("sample_rate", audio.sampleRateHz()).put("channels", audio.channels());
    };
  }
}
