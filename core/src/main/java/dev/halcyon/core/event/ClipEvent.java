package dev.halcyon.core.event;

import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.ClipOrigin;
import java.time.Instant;
import java.util.UUID;

/**
 * A fact about one clip, published on the event bus and to every listener of its stream or job.
 * Deeply immutable; under 4 KB when written as JSON.
 */
public sealed interface ClipEvent {
  UUID workspaceId();

  /** Whose listeners are told. */
  ClipOrigin origin();

  /** Wall clock of the fact. */
  Instant at();

  /** The name on the wire, as in {@code clip.ready}. */
  String type();

  /** A fact that tells the clip as it is now. */
  sealed interface WithClip extends ClipEvent {
    Clip clip();

    @Override
    default UUID workspaceId() {
      return clip().workspaceId();
    }

    @Override
    default ClipOrigin origin() {
      return clip().origin();
    }
  }

  /** A clip was asked for and its window is open. */
  record Opened(Clip clip, Instant at) implements WithClip {
    @Override
    public String type() {
      return "clip.opened";
    }
  }

  /** The clip can be watched while it grows. */
  record Playable(Clip clip, Instant at) implements WithClip {
    @Override
    public String type() {
      return "clip.playable";
    }
  }

  /** The clip can be downloaded; told once. */
  record Ready(Clip clip, Instant at) implements WithClip {
    @Override
    public String type() {
      return "clip.ready";
    }
  }

  /** Another version of a clip that was ready before can be downloaded. */
  record Rendered(Clip clip, Instant at) implements WithClip {
    @Override
    public String type() {
      return "clip.rendered";
    }
  }

  /** No clip could be made; {@link Clip#failure()} says why. */
  record Failed(Clip clip, Instant at) implements WithClip {
    @Override
    public String type() {
      return "clip.failed";
    }
  }

  /**
   * People changed a clip, or took it back after it was deleted; or it came to be rendered again,
   * or that came to nothing.
   */
  record Updated(Clip clip, Instant at) implements WithClip {
    @Override
    public String type() {
      return "clip.updated";
    }
  }

  /**
   * A clip is hidden.
   *
   * @param restorableUntil until when it can at least be taken back
   */
  record Deleted(
      UUID workspaceId, ClipOrigin origin, UUID clipId, Instant at, Instant restorableUntil)
      implements ClipEvent {
    @Override
    public String type() {
      return "clip.deleted";
    }

    /** Whether it cannot be taken back. */
    public boolean isForGood() {
      return !restorableUntil.isAfter(at);
    }
  }
}
