package dev.halcyon.core.clip.derive;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * A stored file in a {@link DerivedForm}.
 *
 * @param version of which it was made
 * @param sha256 lower-case hex digest of the file
 * @param grid of a strip
 */
public record DerivedFile(
    UUID clipId,
    int version,
    DerivedForm form,
    String blobKey,
    long sizeBytes,
    String sha256,
    Optional<StripGrid> grid,
    Instant createdAt) {
  public DerivedFile {
    Objects.requireNonNull(form, "form");
    Objects.requireNonNull(blobKey, "blobKey");
    Objects.requireNonNull(sha256, "sha256");
    Objects.requireNonNull(grid, "grid");
  }
}
