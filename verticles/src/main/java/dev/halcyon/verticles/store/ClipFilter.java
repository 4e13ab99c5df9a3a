package dev.halcyon.verticles.store;

import dev.halcyon.core.clip.ClipStatus;
import java.util.Optional;
import java.util.UUID;

/** Which clips of a workspace are asked for; an empty part does not narrow. */
public record ClipFilter(
    Optional<UUID> streamId, Optional<UUID> jobId, Optional<ClipStatus> status) {
  public static final ClipFilter ALL =
      new ClipFilter(Optional.empty(), Optional.empty(), Optional.empty());

  public static ClipFilter ofStream(UUID streamId) {
    return new ClipFilter(Optional.of(streamId), Optional.empty(), Optional.empty());
  }
}
