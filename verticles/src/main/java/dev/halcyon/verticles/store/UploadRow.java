package dev.halcyon.verticles.store;

import dev.halcyon.core.job.StepFailure;
import dev.halcyon.verticles.step.SourceFacts;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * A file that a user brings.
 *
 * @param filename as its owner calls it; for people
 * @param contentType as agreed on; what it is, its content says
 * @param facts of a confirmed one
 * @param failure of a refused one
 * @param expiresAt until when it may begin to come
 */
public record UploadRow(
    UUID id,
    UUID workspaceId,
    UUID userId,
    String filename,
    String contentType,
    long sizeBytes,
    Status status,
    Optional<SourceFacts> facts,
    Optional<StepFailure> failure,
    Instant createdAt,
    Instant expiresAt) {
  private static final String MIDDLE = "/uploads/";

  public UploadRow {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(workspaceId, "workspaceId");
    Objects.requireNonNull(userId, "userId");
    Objects.requireNonNull(status, "status");
    Objects.requireNonNull(facts, "facts");
    Objects.requireNonNull(failure, "failure");
  }

  /** One that nothing has come of yet. */
  public static UploadRow expected(
      UUID id,
      UUID workspaceId,
      UUID userId,
      String filename,
      String contentType,
      long sizeBytes,
      Instant now,
      Instant expiresAt) {
    return new UploadRow(
        id,
        workspaceId,
        userId,
        filename,
        contentType,
        sizeBytes,
        Status.EXPECTED,
        Optional.empty(),
        Optional.empty(),
        now,
        expiresAt);
  }

  /** How far it has come. */
  public enum Status {
    EXPECTED,
    RECEIVED,
    CONFIRMED,
    REFUSED,
    GONE;

    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Status ofWire(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }

  /** The name by which its owner names it to us. */
  public String fileKey() {
    return workspaceId + MIDDLE + id;
  }

  /** The id that a workspace's key spells; empty when it is none, or another workspace's. */
  public static Optional<UUID> idOf(UUID workspaceId, String fileKey) {
    String before = workspaceId + MIDDLE;
    if (!fileKey.startsWith(before)) {
      return Optional.empty();
    }
    try {
      UUID id = UUID.fromString(fileKey.substring(before.length()));
      return Optional.of(id).filter(read -> fileKey.equals(before + read));
    } catch (IllegalArgumentException notAnId) {
      return Optional.empty();
    }
  }
}
