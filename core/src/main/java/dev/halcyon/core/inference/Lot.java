package dev.halcyon.core.inference;

import java.util.Objects;
import java.util.UUID;

/**
 * What is known of a request before it is computed.
 *
 * @param workspaceId whose share it is taken from
 * @param streamId a stream or a job within the workspace
 * @param length in the model's own units, for models whose inputs differ in it; 1 otherwise
 * @param deadlineNs monotonic; afterwards nobody wants the answer. {@link #NO_DEADLINE} for none
 */
public record Lot(
    UUID workspaceId, UUID streamId, Importance importance, int length, long deadlineNs) {
  public static final long NO_DEADLINE = Long.MAX_VALUE;

  public Lot {
    Objects.requireNonNull(workspaceId, "workspaceId");
    Objects.requireNonNull(streamId, "streamId");
    Objects.requireNonNull(importance, "importance");
    if (length < 1) {
      throw new IllegalArgumentException("length under 1 [length=" + length + "]");
    }
  }
}
