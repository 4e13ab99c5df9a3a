package dev.halcyon.verticles.blob;

import io.vertx.core.Future;
import java.util.Optional;

/** Files that a store keeps on other machines. Any thread; nothing blocks the caller. */
public interface RemoteBlobs {
  /**
   * Looks for a file.
   *
   * @return fails with {@link java.nio.file.NoSuchFileException}, or with a {@link StoreFault} when
   *     it cannot be told
   */
  Future<RemoteBlob> find(BlobKey key);

  /** Scheme, host and port of {@link RemoteBlob#link}; empty when clients get none. */
  Optional<String> linkOrigin();
}
