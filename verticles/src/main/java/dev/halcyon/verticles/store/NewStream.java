package dev.halcyon.verticles.store;

import dev.halcyon.core.stream.StreamSettings;
import dev.halcyon.core.stream.StreamSource;
import java.util.Optional;
import java.util.UUID;

/**
 * A stream to be created.
 *
 * @param streamKey the secret by which a publisher names it; unique
 */
public record NewStream(
    UUID id,
    UUID workspaceId,
    UUID userId,
    String name,
    Optional<String> platform,
    StreamSource source,
    String streamKey,
    StreamSettings settings) {
  @Override
  public String toString() {
    return "NewStream[id=" + id + ", workspaceId=" + workspaceId + "]";
  }
}
