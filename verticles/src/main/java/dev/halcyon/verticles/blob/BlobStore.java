package dev.halcyon.verticles.blob;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Iterator;
import java.util.Optional;
import java.util.UUID;

/**
 * Keeps the files of clips. A file appears whole or not at all. Every method but {@link #fileOf}
 * and {@link #remote} blocks: call them on worker or platform threads. Safe for use by many
 * threads.
 */
public interface BlobStore {
  /** An unused path to write a file to, in the file system of its final place. */
  Path stage(BlobKey key) throws IOException;

  /** Moves a file made at a {@link #stage} path to its key, atomically. */
  void commit(Path staged, BlobKey key) throws IOException;

  /**
   * Has a file outlive a loss of power from now on; nothing when it is not there any more. Blocks
   * for as long as the disk takes.
   */
  void force(BlobKey key) throws IOException;

  /** Where the file of a key is, whether or not it exists. Does not block. */
  Path fileOf(BlobKey key);

  /**
   * A file to read on this machine: brought here when only another one has it. Whoever reads it
   * again later asks again.
   *
   * @return as {@link #fileOf}; it need not exist when no machine has the file
   * @throws dev.halcyon.core.error.HalcyonException STORE_UNAVAILABLE when it is elsewhere and
   *     cannot be had now
   */
  default Path fetch(BlobKey key) throws IOException {
    return fileOf(key);
  }

  /** The files that are kept on other machines; empty when this store has none there. */
  default Optional<RemoteBlobs> remote() {
    return Optional.empty();
  }

  /**
   * @throws java.nio.file.NoSuchFileException when there is no such file
   */
  long sizeBytes(BlobKey key) throws IOException;

  /** Deletes one file; nothing happens when it is not there. */
  void delete(BlobKey key) throws IOException;

  /** Deletes all files of a clip. */
  void deleteClip(UUID workspaceId, UUID clipId) throws IOException;

  /**
   * All files in the order of their names, one after the other as they are asked for; files that
   * come or go meanwhile may be in it or not. Throws {@link java.io.UncheckedIOException}.
   */
  Iterator<StoredBlob> list() throws IOException;

  /** Puts a file aside, where nobody finds it but the operator; nothing when it is not there. */
  void quarantine(BlobKey key) throws IOException;

  /**
   * Deletes files that were put aside before a time.
   *
   * @return how many
   */
  int dropQuarantined(Instant before) throws IOException;
}
