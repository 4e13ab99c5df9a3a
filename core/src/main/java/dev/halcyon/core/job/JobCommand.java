package dev.halcyon.core.job;

import dev.halcyon.core.render.RenderWish;
import java.util.Optional;
import java.util.UUID;

/** What users want of a job that is there. */
public sealed interface JobCommand {
  UUID workspaceId();

  UUID jobId();

  /** Ends it now, the step that runs with it; a job that is at an end is hidden. */
  record Delete(UUID workspaceId, UUID jobId) implements JobCommand {}

  /** No further step begins. */
  record Pause(UUID workspaceId, UUID jobId) implements JobCommand {}

  record Resume(UUID workspaceId, UUID jobId) implements JobCommand {}

  /** The chosen clips are to be rendered, or the rendered ones are good. */
  record Approve(UUID workspaceId, UUID jobId) implements JobCommand {}

  /** One of its clips is to be rendered again, as somebody wants it. */
  record Rerender(UUID workspaceId, UUID jobId, UUID clipId, RenderWish wish)
      implements JobCommand {}

  /**
   * Tries what failed again.
   *
   * @param step the only row to try; empty for all that failed
   */
  record Retry(UUID workspaceId, UUID jobId, Optional<StepKey> step) implements JobCommand {}
}
