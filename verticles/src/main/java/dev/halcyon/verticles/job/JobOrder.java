package dev.halcyon.verticles.job;

import dev.halcyon.verticles.store.JobRow;
import dev.halcyon.verticles.store.PostgresJobStore;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * A job that somebody wants.
 *
 * @param id that it will have
 */
public record JobOrder(
    UUID id,
    UUID workspaceId,
    UUID userId,
    JobRow.Source source,
    JobSettings settings,
    Optional<PostgresJobStore.Transcript> transcript) {
  public JobOrder {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(workspaceId, "workspaceId");
    Objects.requireNonNull(userId, "userId");
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(settings, "settings");
    Objects.requireNonNull(transcript, "transcript");
  }
}
