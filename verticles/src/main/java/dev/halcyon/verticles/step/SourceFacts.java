package dev.halcyon.verticles.step;

import dev.halcyon.core.asset.MediaProbe;
import java.util.Objects;

/**
 * A source as it was taken in.
 *
 * @param sha256 of the file, lower-case hex: its identity, wherever it lies
 */
public record SourceFacts(String sha256, MediaProbe probe) {
  public SourceFacts {
    Objects.requireNonNull(sha256, "sha256");
    Objects.requireNonNull(probe, "probe");
  }
}
