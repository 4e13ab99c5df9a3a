package dev.halcyon.core.clip;

import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** Whose timeline a clip is a window of. Ids are never shared between streams and jobs. */
public sealed interface ClipOrigin {
  /** Of the stream or of the job. */
  UUID id();

  /** A live or recorded stream: its clips' times are stream time. */
  record OfStream(UUID id) implements ClipOrigin {
    public OfStream {
      Objects.requireNonNull(id, "id");
    }
  }

  /** A job over a file: its clips' times are media time of the file. */
  record OfJob(UUID id) implements ClipOrigin {
    public OfJob {
      Objects.requireNonNull(id, "id");
    }
  }

  default Optional<UUID> streamId() {
    return this instanceof OfStream ? Optional.of(id()) : Optional.empty();
  }

  default Optional<UUID> jobId() {
    return this instanceof OfJob ? Optional.of(id()) : Optional.empty();
  }
}
