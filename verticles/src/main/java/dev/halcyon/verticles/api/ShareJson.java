package dev.halcyon.verticles.api;

import dev.halcyon.core.clip.Clip;
import dev.halcyon.verticles.access.ShareSignature;
import dev.halcyon.verticles.store.ShareLink;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** A share link in the shape of the contract. Any thread. */
final class ShareJson {
  private final ShareSignature signature;

  ShareJson(ShareSignature signature) {
    this.signature = signature;
  }

  /**
   * For who made it.
   *
   * @param base where URLs begin
   */
  JsonObject of(ShareLink link, String base) {
    String query = signature.query(link.id(), link.expiresAt());
    String path = base + "/api/share/" + link.id();
    return new JsonObject()
        .put("id", link.id().toString())
        .put("clip_id", link.clipId().toString())
        .put("version", link.version())
        .put("url", path + "/media.mp4?" + query)
        .put("download_url", path + "/download?" + query)
        .put("page_url", base + "/#/share/" + link.id() + '?' + query)
        .put("bind_address", link.boundAddress().orElse(null))
        .put("max_downloads", link.maxDownloads())
        .put("downloads", downloads(link))
        .put("expires_at", Times.text(link.expiresAt()))
        .put("created_at", Times.text(link.createdAt()))
        .put("last_used_at", link.lastUsedAt().map(Times::text).orElse(null))
        .put("revoked_at", link.revokedAt().map(Times::text).orElse(null));
  }

  /** For a stranger who has the link: nothing of the workspace but what is shared. */
  JsonObject forGuest(ShareLink link, Clip clip, String container) {
    String query = signature.query(link.id(), link.expiresAt());
    String path = "/api/share/" + link.id();
    return new JsonObject()
        .put("title", clip.title())
        .put("description", clip.description())
        .put("hashtags", new io.vertx.core.json.JsonArray(clip.hashtags()))
        .put("container", container)
        .put("size_bytes", link.sizeBytes())
        .put("play_url", path + "/media.mp4?" + query)
        .put("download_url", path + "/download?" + query)
        .put("max_downloads", link.maxDownloads())
        .put("downloads", downloads(link))
        .put("expires_at", Times.text(link.expiresAt()));
  }

  private static BigDecimal downloads(ShareLink link) {
    return BigDecimal.valueOf(link.downloads()).setScale(2, RoundingMode.HALF_UP);
  }
}
