package dev.halcyon.core.clip;

import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * Asks for a clip. The answer is the {@link Clip} in state REQUESTED or OPENED, or a failure:
 * STREAM_NOT_FOUND, RANGE_NOT_HELD, EPOCH_CROSSED, BAD_REQUEST.
 *
 * @param clampsToHeld whether a window that is not wholly held is shortened (stated in the
 *     contract) instead of refused
 * @param crossing what to do with a window over several epochs; empty for the stream's setting
 * @param title empty for a title made from the reason
 * @param score 0..1; 0 for a manual clip
 * @param triggerArrivalUs wall clock at which the media that caused the request arrived; 0 when
 *     nothing did
 */
public record ClipRequested(
    UUID workspaceId,
    UUID streamId,
    ClipWindow window,
    boolean clampsToHeld,
    Optional<Crossing> crossing,
    String title,
    double score,
    ClipReason reason,
    long triggerArrivalUs) {
  public ClipRequested {
    Objects.requireNonNull(workspaceId, "workspaceId");
    Objects.requireNonNull(streamId, "streamId");
    Objects.requireNonNull(window, "window");
    Objects.requireNonNull(crossing, "crossing");
    Objects.requireNonNull(title, "title");
    Objects.requireNonNull(reason, "reason");
  }
}
