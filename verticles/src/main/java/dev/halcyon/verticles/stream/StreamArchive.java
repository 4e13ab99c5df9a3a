package dev.halcyon.verticles.stream;

import dev.halcyon.core.clip.HeldEpoch;
import dev.halcyon.core.stream.RecordingHealth;
import java.util.Optional;
import java.util.UUID;

/** What is kept of streams' media beyond their rings. Any thread; all but the health blocks. */
public interface StreamArchive {
  /** The newest epoch that is kept of a stream: its time goes on even when its ring is lost. */
  Optional<HeldEpoch> newest(UUID workspaceId, UUID streamId);

  /** The stream's ring is open: what its settings say is kept of it from now on. */
  void opened(LiveStream stream);

  /** The stream's settings have changed. */
  void reconfigured(LiveStream stream);

  /** Keeps what is left of the stream's ring, which is closed next. */
  void closing(LiveStream stream);

  /** The stream is deleted, with all that is kept of it. */
  void deleted(UUID streamId);

  /** How it does. */
  RecordingHealth health(LiveStream stream);
}
