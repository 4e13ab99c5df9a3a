package dev.halcyon.core.clip;

import java.time.Duration;
import java.time.Instant;

/**
 * What holds for the clips of all workspaces of a node.
 *
 * @param undo how long a deleted clip can be taken back; then it is purged
 */
public record ClipPolicy(Duration undo) {
  public static final ClipPolicy DEFAULT = new ClipPolicy(Duration.ofDays(1));

  public ClipPolicy {
    if (undo.isNegative()) {
      throw new IllegalArgumentException("negative undo [undo=" + undo + "]");
    }
  }

  /** Until when a clip can at least be taken back. */
  public Instant restorableUntil(Instant deletedAt) {
    return deletedAt.plus(undo);
  }
}
