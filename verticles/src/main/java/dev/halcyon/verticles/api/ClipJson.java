package dev.halcyon.verticles.api;

import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.ClipVersion;
import dev.halcyon.verticles.access.MediaSignature;
import dev.halcyon.verticles.store.ClipShapes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.UUID;

/** A clip in the shape of the contract, its media URLs signed. Any thread. */
public final class ClipJson {
  private final MediaSignature signature;

  public ClipJson(MediaSignature signature) {
    this.signature = signature;
  }

  public JsonObject of(Clip clip) {
    JsonArray versions = new JsonArray();
    clip.versions().forEach(version -> versions.add(version(clip.id(), version)));
    return new JsonObject()
        .put("id", clip.id().toString())
        .put("stream_id", clip.streamId().toString())
        .put("status", clip.status().wire())
        .put("title", clip.title())
        .put("description", clip.description())
        .put("hashtags", new JsonArray(clip.hashtags()))
        .put("start_us", clip.startUs())
        .put("end_us", clip.endUs())
        .put("score", clip.score())
        .put("reason", ClipShapes.reasonJson(clip.reason()))
        .put("versions", versions)
        .put("play_url", signature.sign(path(clip.id(), "media.mp4")))
        .put("download_url", signature.sign(path(clip.id(), "download")))
        .put(
            "poster_url",
            clip.posterKey().isPresent() ? signature.sign(path(clip.id(), "poster.jpg")) : null)
        .put("failure", clip.failure().map(PublicText::of).orElse(null))
        .put("created_at", Times.text(clip.createdAt()));
  }

  private JsonObject version(UUID clipId, ClipVersion version) {
    return new JsonObject()
        .put("version", version.version())
        .put("kind", version.kind().wire())
        .put("container", version.container())
        .put("size_bytes", version.sizeBytes())
        .put(
            "download_url",
            signature.sign(path(clipId, "download")) + "&version=" + version.version())
        .put("contract", ClipShapes.contractJson(version.contract()));
  }

  private static String path(UUID clipId, String name) {
    return "/api/clips/" + clipId + "/" + name;
  }
}
