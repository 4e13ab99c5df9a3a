package dev.halcyon.verticles.job;

import java.nio.file.Path;
import java.util.Objects;
import java.util.UUID;

/** The videos that users have uploaded. Blocking; any thread. */
public interface SourceFiles {
  /**
   * A file on this machine.
   *
   * @param path to be read, never written
   * @param name as its owner called it; for people
   */
  record SourceFile(Path path, String name) {
    public SourceFile {
      Objects.requireNonNull(path, "path");
      Objects.requireNonNull(name, "name");
    }
  }

  /**
   * A file to read, brought here when only another machine has it. Whoever reads it again later
   * asks again.
   *
   * @throws dev.halcyon.core.error.HalcyonException NOT_FOUND when the workspace has no confirmed
   *     upload of that key
   */
  SourceFile open(UUID workspaceId, String fileKey);

  /** Fails as {@link #open} would, within a second: nothing is brought here. */
  default void require(UUID workspaceId, String fileKey) {
    open(workspaceId, fileKey);
  }
}
