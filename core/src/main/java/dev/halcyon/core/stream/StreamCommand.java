package dev.halcyon.core.stream;

import java.util.UUID;

/** Asks the node that holds a stream to act. Each is answered with nothing, or with a failure. */
public sealed interface StreamCommand {
  UUID streamId();

  /**
   * Reserves room for a new stream's ring; INSUFFICIENT_STORAGE when there is none. Sent before the
   * stream's row is committed.
   */
  record Reserve(UUID workspaceId, UUID streamId, StreamSettings settings)
      implements StreamCommand {}

  /** Gives back what {@link Reserve} set aside for a stream that was not created after all. */
  record Release(UUID streamId) implements StreamCommand {}

  /** The stream's row is committed, and its source is an address: begins to pull it. */
  record Pull(UUID streamId) implements StreamCommand {}

  /** Disconnects the publisher and refuses new ones until {@link Resume}. What is held stays. */
  record Pause(UUID streamId) implements StreamCommand {}

  record Resume(UUID streamId) implements StreamCommand {}

  /** The stream's settings were changed in the store. */
  record Reconfigure(UUID streamId, StreamSettings settings) implements StreamCommand {}

  /** Disconnects the publisher and deletes the ring. Clips stay. */
  record Delete(UUID streamId) implements StreamCommand {}
}
