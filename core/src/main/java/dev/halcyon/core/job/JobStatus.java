package dev.halcyon.core.job;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * The life of a job.
 *
 * <pre>
 * created → ingesting → analyzing → clips_generated → rendering → review → publishing → completed
 *                                         review → rendering (again), review → completed (nothing to publish)
 * completed → rendering (again)
 * failed    from every state in which steps run; retrying a step leads back to where it belongs,
 *           another rendering of a clip to rendering
 * paused    from every state in which steps run or wait; resuming leads back
 * cancelled from every state that is not an end
 * </pre>
 */
public enum JobStatus {
  CREATED,
  INGESTING,
  ANALYZING,
  /** The candidates are there; rendering waits for approval. */
  CLIPS_GENERATED,
  RENDERING,
  /** Every clip is rendered; somebody may look, render again, or be done. */
  REVIEW,
  PUBLISHING,
  COMPLETED,
  FAILED,
  CANCELLED,
  PAUSED;

  /** Whether this state may be followed by {@code next}. */
  public boolean canBecome(JobStatus next) {
    return successors().contains(next);
  }

  private Set<JobStatus> successors() {
    return switch (this) {
      case CREATED -> EnumSet.of(INGESTING, PAUSED, CANCELLED);
      case INGESTING -> EnumSet.of(ANALYZING, FAILED, PAUSED, CANCELLED);
      case ANALYZING -> EnumSet.of(CLIPS_GENERATED, FAILED, PAUSED, CANCELLED);
      case CLIPS_GENERATED -> EnumSet.of(RENDERING, PAUSED, CANCELLED);
      case RENDERING -> EnumSet.of(REVIEW, FAILED, PAUSED, CANCELLED);
      case REVIEW -> EnumSet.of(RENDERING, PUBLISHING, COMPLETED, CANCELLED);
      case PUBLISHING -> EnumSet.of(COMPLETED, FAILED, PAUSED, CANCELLED);
      case FAILED -> EnumSet.of(INGESTING, ANALYZING, RENDERING, PUBLISHING, CANCELLED);
      case PAUSED ->
          EnumSet.of(
              CREATED, INGESTING, ANALYZING, CLIPS_GENERATED, RENDERING, PUBLISHING, CANCELLED);
      case COMPLETED -> EnumSet.of(RENDERING);
      case CANCELLED -> EnumSet.noneOf(JobStatus.class);
    };
  }

  /** Whether nothing will happen any more unless somebody asks for it. */
  public boolean isEnd() {
    return this == COMPLETED || this == FAILED || this == CANCELLED;
  }

  /** Whether steps are started in this state. */
  public boolean isWorking() {
    return this == INGESTING || this == ANALYZING || this == RENDERING;
  }

  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static JobStatus ofWire(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
