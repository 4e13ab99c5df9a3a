package dev.halcyon.core.clip;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * What people did with a clip, as opposed to what was recorded and cut.
 *
 * @param revision how often people changed the clip; whoever changes it next names the one seen
 * @param editedAt when people last changed it
 * @param review who approved or rejected it; empty while the approval is pending
 * @param deletedAt since when the clip is hidden; it can be restored until it is purged
 */
public record Curation(
    long revision,
    Optional<Instant> editedAt,
    Approval approval,
    Optional<Review> review,
    Optional<Instant> deletedAt) {

  /** Of a clip that nobody has touched. */
  public static final Curation NONE =
      new Curation(0, Optional.empty(), Approval.PENDING, Optional.empty(), Optional.empty());

  public Curation {
    Objects.requireNonNull(editedAt, "editedAt");
    Objects.requireNonNull(approval, "approval");
    Objects.requireNonNull(review, "review");
    Objects.requireNonNull(deletedAt, "deletedAt");
  }

  public boolean isDeleted() {
    return deletedAt.isPresent();
  }

  /**
   * Who judged a clip, and when.
   *
   * @param byName as the person is called now
   */
  public record Review(UUID by, String byName, Instant at) {}
}
