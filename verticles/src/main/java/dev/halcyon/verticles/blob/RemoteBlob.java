package dev.halcyon.verticles.blob;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;

/** A file that a store keeps on other machines. It never changes. Any thread. */
public interface RemoteBlob {
  long sizeBytes();

  /** When it was made, not when it came there. */
  Instant modified();

  /**
   * Opens a part of it. Blocking, and so is what it returns: for virtual threads. Nothing is read
   * ahead, so that a slow reader slows the store.
   *
   * @param length at least 1, within the file
   * @return closed by the caller, also in the middle
   */
  InputStream open(long offset, long length) throws IOException;

  /**
   * An address at which whoever has it can get the file from the store itself, for a while; empty
   * when the store is not to be seen by clients.
   */
  Optional<URI> link(String contentType, String contentDisposition);
}
