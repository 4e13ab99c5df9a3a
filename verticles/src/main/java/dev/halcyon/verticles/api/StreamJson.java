package dev.halcyon.verticles.api;

import dev.halcyon.core.access.Permission;
import dev.halcyon.core.clip.HeldEpoch;
import dev.halcyon.core.stream.RecordingHealth;
import dev.halcyon.core.stream.StreamHealth;
import dev.halcyon.verticles.access.Caller;
import dev.halcyon.verticles.access.MediaSignature;
import dev.halcyon.verticles.store.StreamRow;
import dev.halcyon.verticles.store.StreamShapes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.OptionalLong;

/** A stream in the shape of the contract. */
final class StreamJson {
  private final IngestUrls ingestUrls;
  private final MediaSignature signature;

  StreamJson(IngestUrls ingestUrls, MediaSignature signature) {
    this.ingestUrls = ingestUrls;
    this.signature = signature;
  }

  /**
   * @param requestHost the host by which the API was called
   */
  JsonObject of(StreamRow stream, Caller caller, String requestHost) {
    JsonObject json =
        new JsonObject()
            .put("id", stream.id().toString())
            .put("name", stream.name())
            .put("platform", stream.platform().orElse(null))
            .put("source", source(stream, caller))
            .put("status", stream.status().wire());
    if (caller.role().may(Permission.WRITE_STREAMS)) {
      json.put("stream_key", stream.streamKey())
          .put("ingest", ingestUrls.of(requestHost, stream.streamKey()));
    }
    return json.put("settings", StreamShapes.settingsJson(stream.settings()))
        .put("preview_url", signature.sign(PreviewRoutes.path(stream.id())))
        .put("snapshot_url", signature.sign(PreviewRoutes.snapshotPath(stream.id())))
        .put("clips_generated", stream.clipsGenerated())
        .put("last_seen_at", stream.lastSeenAt().map(Times::text).orElse(null))
        .put("last_error", stream.lastError().orElse(null))
        .put("created_at", Times.text(stream.createdAt()));
  }

  /** An address may have a password in it: who may not change the stream is not shown it. */
  private static JsonObject source(StreamRow stream, Caller caller) {
    JsonObject json = StreamShapes.sourceJson(stream.source());
    if (!caller.role().may(Permission.WRITE_STREAMS)) {
      json.remove("url");
    }
    return json;
  }

  static JsonObject health(StreamHealth health) {
    return new JsonObject()
        .put("status", health.status().wire())
        .put("ring", ring(health.ring()))
        .put(
            "ingest",
            new JsonObject()
                .put("bitrate_bps", health.bitrateBps())
                .put("fps", health.fps())
                .put("last_packet_age_ms", health.lastPacketAgeMs()))
        .put(
            "taps",
            new JsonObject()
                .put("audio", lag(health.audioLagUs()))
                .put("video", lag(health.videoLagUs())))
        .put("recording", recording(health.recording()));
  }

  private static JsonObject ring(StreamHealth.OfRing ring) {
    JsonArray ranges = new JsonArray();
    JsonArray gaps = new JsonArray();
    long endUs = ring.fromUs();
    for (HeldEpoch range : ring.ranges()) {
      if (!ranges.isEmpty() && range.fromUs() > endUs) {
        gaps.add(JsonObject.of("at_us", endUs, "length_us", range.fromUs() - endUs));
      }
      endUs = range.toUs();
      ranges.add(
          JsonObject.of("epoch", range.epoch())
              .put("from_us", range.fromUs())
              .put("to_us", range.toUs())
              .put("from", Times.ofWallUs(range.wallUsAt(range.fromUs())))
              .put("to", Times.ofWallUs(range.wallUsAt(range.toUs()))));
    }
    return new JsonObject()
        .put("from_us", ring.fromUs())
        .put("to_us", ring.toUs())
        .put("bytes", ring.heldBytes())
        .put("capacity_bytes", ring.capacityBytes())
        .put("target_capacity_bytes", ring.targetCapacityBytes())
        .put("is_shrunk", ring.isShrunk())
        .put("ranges", ranges)
        .put("gaps", gaps)
        .put("lost", lost(ring.lost()))
        .put("overrun_bytes", ring.overrunBytes())
        .put("force_lag_ms", ring.forceLagMs().isPresent() ? ring.forceLagMs().getAsLong() : null)
        .put("force_failures", ring.forceFailures())
        .put("leases", JsonObject.of("held", ring.heldLeases(), "revoked", ring.revokedLeases()));
  }

  private static JsonArray lost(List<StreamHealth.Lost> stretches) {
    JsonArray json = new JsonArray();
    for (StreamHealth.Lost lost : stretches) {
      json.add(
          JsonObject.of("at_us", lost.fromUs(), "length_us", lost.toUs() - lost.fromUs())
              .put("bytes", lost.bytes()));
    }
    return json;
  }

  private static JsonObject recording(RecordingHealth recording) {
    return new JsonObject()
        .put("state", recording.state().wire())
        .put("reason", recording.reason().isEmpty() ? null : recording.reason())
        .put("from_us", recording.fromUs())
        .put("to_us", recording.toUs())
        .put("bytes", recording.bytes())
        .put("lag_us", recording.lagUs())
        .put("missed_us", recording.missedUs())
        .put("failures", recording.failures());
  }

  private static JsonObject lag(OptionalLong lagUs) {
    JsonObject json = new JsonObject();
    return lagUs.isPresent() ? json.put("lag_us", lagUs.getAsLong()) : json.putNull("lag_us");
  }
}
