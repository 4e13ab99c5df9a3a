package dev.halcyon.verticles.store;

import dev.halcyon.core.stream.StreamSettings;
import dev.halcyon.core.stream.StreamSource;
import dev.halcyon.core.stream.StreamStatus;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/** A stream as it is stored. */
public record StreamRow(
    UUID id,
    UUID workspaceId,
    UUID userId,
    String name,
    Optional<String> platform,
    StreamSource source,
    String streamKey,
    StreamStatus status,
    StreamSettings settings,
    Optional<String> ownerNode,
    Optional<Instant> lastSeenAt,
    Optional<String> lastError,
    int clipsGenerated,
    Instant createdAt) {
  /** Without the key: it opens the stream to publishers. */
  @Override
  public String toString() {
    return "StreamRow[id=" + id + ", workspaceId=" + workspaceId + ", status=" + status + "]";
  }
}
