package dev.halcyon.verticles.store;

import dev.halcyon.core.clip.CutContract;
import dev.halcyon.core.clip.CutFrames;
import dev.halcyon.core.clip.CutLatency;
import dev.halcyon.core.clip.FrameRange;
import dev.halcyon.core.clip.TrackContract;
import dev.halcyon.core.media.MediaKind;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** The particulars of a cut contract as JSON; contracts kept by older versions have none. */
final class ContractShapes {
  private ContractShapes() {}

  static JsonObject addParticulars(JsonObject json, CutContract contract) {
    Optional<CutFrames> frames = contract.frames();
    return json.put("requested_start_frame", frames.map(CutFrames::requestedStart).orElse(null))
        .put("requested_end_frame", frames.map(CutFrames::requestedEnd).orElse(null))
        .put("delivered_start_frame", frames.map(CutFrames::deliveredStart).orElse(null))
        .put("delivered_end_frame", frames.map(CutFrames::deliveredEnd).orElse(null))
        .put("last_frame_us", frames.map(CutFrames::lastUs).orElse(null))
        .put("encoded_frames", encodedJson(frames))
        .put("tracks", ClipShapes.array(contract.tracks(), ContractShapes::trackJson))
        .put("latency_from_trigger_us", orNull(contract.latency().fromTriggerUs()))
        .put("latency_from_close_us", orNull(contract.latency().fromCloseUs()));
  }

  static Optional<CutFrames> framesOf(JsonObject json) {
    return Optional.ofNullable(json.getLong("delivered_end_frame"))
        .map(
            deliveredEnd ->
                new CutFrames(
                    json.getLong("requested_start_frame"),
                    json.getLong("requested_end_frame"),
                    json.getLong("delivered_start_frame"),
                    deliveredEnd,
                    json.getLong("last_frame_us"),
                    ClipShapes.list(
                        json.getJsonArray("encoded_frames", new JsonArray()),
                        range -> new FrameRange(range.getLong("start"), range.getLong("end")))));
  }

  private static JsonArray encodedJson(Optional<CutFrames> frames) {
    return ClipShapes.array(
        frames.map(CutFrames::encoded).orElse(List.of()),
        range -> new JsonObject().put("start", range.start()).put("end", range.end()));
  }

  static List<TrackContract> tracksOf(JsonObject json) {
    return ClipShapes.list(json.getJsonArray("tracks", new JsonArray()), ContractShapes::trackOf);
  }

  static CutLatency latencyOf(JsonObject json) {
    return new CutLatency(
        optional(json, "latency_from_trigger_us"), optional(json, "latency_from_close_us"));
  }

  private static JsonObject trackJson(TrackContract track) {
    return new JsonObject()
        .put("index", track.index())
        .put("kind", track.kind().name().toLowerCase(Locale.ROOT))
        .put("codecs", new JsonArray(track.codecs()))
        .put("packets", track.packets())
        .put("starts_at_us", track.startsAtUs())
        .put("trim_start_us", track.trimStartUs())
        .put("trim_joins_us", track.trimJoinsUs())
        .put("trim_end_us", track.trimEndUs());
  }

  private static TrackContract trackOf(JsonObject json) {
    return new TrackContract(
        json.getInteger("index"),
        MediaKind.valueOf(json.getString("kind").toUpperCase(Locale.ROOT)),
        json.getJsonArray("codecs").stream().map(String.class::cast).toList(),
        json.getInteger("packets"),
        json.getLong("starts_at_us"),
        json.getLong("trim_start_us"),
        json.getLong("trim_joins_us"),
        json.getLong("trim_end_us"));
  }

  private static OptionalLong optional(JsonObject json, String name) {
    Long value = json.getLong(name);
    return value == null ? OptionalLong.empty() : OptionalLong.of(value);
  }

  private static Long orNull(OptionalLong value) {
    return value.isPresent() ? (Long) value.getAsLong() : null;
  }
}
