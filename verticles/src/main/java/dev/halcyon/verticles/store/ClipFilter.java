package dev.halcyon.verticles.store;

import dev.halcyon.core.clip.Approval;
import dev.halcyon.core.clip.ClipStatus;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.UUID;

/**
 * Which clips of a workspace are asked for, and in which order; an empty part does not narrow.
 *
 * @param tag one of the clip's hashtags, in whatever case, with or without its {@code #}
 * @param text a part of the title or the description, in whatever case
 * @param from clips created then or later
 * @param to clips created before
 */
public record ClipFilter(
    Shelf shelf,
    Optional<UUID> streamId,
    Optional<UUID> jobId,
    Optional<ClipStatus> status,
    Optional<Approval> approval,
    Optional<String> tag,
    Optional<String> text,
    Optional<Instant> from,
    Optional<Instant> to,
    OptionalDouble minScore,
    ClipSort sort) {
  public static final ClipFilter ALL = of(Optional.empty(), Optional.empty(), Optional.empty());

  /** Where a clip is looked for. */
  public enum Shelf {
    KEPT,
    /** Deleted, and not purged yet. */
    DELETED
  }

  public static ClipFilter of(
      Optional<UUID> streamId, Optional<UUID> jobId, Optional<ClipStatus> status) {
    return new ClipFilter(
        Shelf.KEPT,
        streamId,
        jobId,
        status,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        OptionalDouble.empty(),
        ClipSort.NEWEST);
  }

  public static ClipFilter ofStream(UUID streamId) {
    return of(Optional.of(streamId), Optional.empty(), Optional.empty());
  }
}
