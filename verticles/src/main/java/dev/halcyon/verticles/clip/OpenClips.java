package dev.halcyon.verticles.clip;

import dev.halcyon.core.clip.Clip;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The clips that are being made on this node, and those that are made but not in the database yet.
 * Any thread.
 */
public final class OpenClips {
  private final Map<UUID, OpenClip> byId = new ConcurrentHashMap<>();

  void add(OpenClip clip) {
    byId.put(clip.clip().id(), clip);
  }

  /** The database knows of it, or nothing is made of it. */
  void done(OpenClip clip) {
    clip.release();
    byId.remove(clip.clip().id(), clip);
  }

  Optional<OpenClip> open(UUID id) {
    return Optional.ofNullable(byId.get(id));
  }

  Collection<OpenClip> all() {
    return byId.values();
  }

  /** A clip as it is now, be it newer than its row; empty when it is deleted or not made here. */
  public Optional<Clip> find(UUID id) {
    return open(id).filter(clip -> !clip.isDeleted()).map(OpenClip::clip);
  }
}
