package dev.halcyon.verticles.store;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A link by which strangers see one version of a clip.
 *
 * @param id the playback id in its URL
 * @param sizeBytes of the version's file
 * @param boundAddress the only address that may use it
 * @param maxDownloads how many times the file may be sent
 * @param chargedBytes what was sent, and what is being sent
 */
public record ShareLink(
    UUID id,
    UUID workspaceId,
    UUID clipId,
    int version,
    long sizeBytes,
    Optional<String> boundAddress,
    int maxDownloads,
    long chargedBytes,
    UUID createdBy,
    Instant createdAt,
    Instant expiresAt,
    Optional<Instant> lastUsedAt,
    Optional<Instant> revokedAt) {

  /** Downloads that what was sent amounts to. */
  public double downloads() {
    return (double) chargedBytes / sizeBytes;
  }

  /** Whether all downloads were sent; the tenth on top is for players that ask twice. */
  public boolean isUsedUp() {
    return chargedBytes >= maxDownloads * sizeBytes;
  }
}
