package dev.halcyon.verticles.blob;

import java.time.Instant;
import java.util.Optional;

/**
 * A file that a store has.
 *
 * @param name as the store lists it
 * @param modified when it was stored
 */
public record StoredBlob(String name, long sizeBytes, Instant modified) {
  /** Empty for a file that no Halcyon put there. */
  public Optional<BlobKey> key() {
    return BlobKey.read(name);
  }
}
