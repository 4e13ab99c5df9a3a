package dev.halcyon.verticles.api;

import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.ClipOrigin;
import dev.halcyon.core.clip.ClipPolicy;
import dev.halcyon.core.clip.ClipVersion;
import dev.halcyon.core.clip.Curation;
import dev.halcyon.verticles.access.MediaSignature;
import dev.halcyon.verticles.store.ClipShapes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** A clip in the shape of the contract, its media URLs signed. Any thread. */
public final class ClipJson {
  private final MediaSignature signature;
  private final ClipPolicy policy;

  public ClipJson(MediaSignature signature, ClipPolicy policy) {
    this.signature = signature;
    this.policy = policy;
  }

  public JsonObject of(Clip clip) {
    JsonObject json =
        new JsonObject()
            .put("id", clip.id().toString())
            .put(originField(clip.origin()), clip.origin().id().toString())
            .put("status", clip.status().wire())
            .put("title", clip.title())
            .put("description", clip.description())
            .put("hashtags", new JsonArray(clip.hashtags()))
            .put("start_us", clip.startUs())
            .put("end_us", clip.endUs())
            .put("score", clip.score())
            .put("reason", ClipShapes.reasonJson(clip.reason()))
            .put("versions", versions(clip))
            .put("play_url", signature.sign(path(clip.id(), "media.mp4")))
            .put(
                "hls_url",
                MediaRoutes.isFollowed(clip) ? signature.sign(path(clip.id(), "index.m3u8")) : null)
            .put("download_url", signature.sign(path(clip.id(), "download")))
            .put(
                "poster_url",
                clip.posterKey().isPresent() ? signature.sign(path(clip.id(), "poster.jpg")) : null)
            .put(
                "strip_url",
                clip.posterKey().isPresent() ? signature.sign(path(clip.id(), "strip.vtt")) : null)
            .put("failure", clip.failure().map(PublicText::of).orElse(null))
            .put("continues", clip.continues().map(UUID::toString).orElse(null))
            .put("created_at", Times.text(clip.createdAt()));
    return putCuration(json, clip.curation());
  }

  /** Which field says whose clip one is. */
  public static String originField(ClipOrigin origin) {
    return switch (origin) {
      case ClipOrigin.OfStream stream -> "stream_id";
      case ClipOrigin.OfJob job -> "job_id";
    };
  }

  private JsonObject putCuration(JsonObject json, Curation curation) {
    Optional<Curation.Review> review = curation.review();
    return json.put("revision", curation.revision())
        .put("edited_at", text(curation.editedAt()))
        .put("approval", curation.approval().wire())
        .put("reviewed_by", review.map(ClipJson::reviewer).orElse(null))
        .put("reviewed_at", text(review.map(Curation.Review::at)))
        .put("deleted_at", text(curation.deletedAt()))
        .put("restorable_until", text(curation.deletedAt().map(policy::restorableUntil)));
  }

  private static JsonObject reviewer(Curation.Review review) {
    return new JsonObject().put("id", review.by().toString()).put("name", review.byName());
  }

  private static String text(Optional<Instant> instant) {
    return instant.map(Times::text).orElse(null);
  }

  /** The versions of a clip alone. */
  JsonArray versions(Clip clip) {
    JsonArray versions = new JsonArray();
    clip.versions().forEach(version -> versions.add(version(clip.id(), version)));
    return versions;
  }

  private JsonObject version(UUID clipId, ClipVersion version) {
    JsonObject json =
        new JsonObject()
            .put("version", version.version())
            .put("kind", version.kind().wire())
            .put("container", version.container())
            .put("size_bytes", version.sizeBytes())
            .put("file", version.state().wire())
            .put("storage", version.storage().wire())
            .put(
                "download_url",
                signature.sign(path(clipId, "download")) + "&version=" + version.version())
            .put("contract", ClipShapes.contractJson(version.contract()));
    version.render().ifPresent(facts -> json.put("render", ClipShapes.renderJson(facts)));
    return json;
  }

  private static String path(UUID clipId, String name) {
    return "/api/clips/" + clipId + "/" + name;
  }
}
