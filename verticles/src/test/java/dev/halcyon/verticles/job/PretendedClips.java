package dev.halcyon.verticles.job;

import dev.halcyon.core.render.RenderWish;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;

/** Notes what is said of clips. Any thread. */
final class PretendedClips implements JobClips {
  final List<UUID> failed = new CopyOnWriteArrayList<>();
  final List<UUID> abandoned = new CopyOnWriteArrayList<>();

  @Override
  public void choose(UUID workspaceId, UUID jobId, List<Chosen> clips) {
    throw new IllegalStateException("pretended steps choose nothing");
  }

  @Override
  public RenderWish wishOf(UUID clipId) {
    return RenderWish.NONE;
  }

  @Override
  public void rendering(UUID clipId) {
    throw new IllegalStateException("pretended steps render nothing");
  }

  @Override
  public void rendered(UUID clipId, Rendered file) {
    throw new IllegalStateException("pretended steps render nothing");
  }

  @Override
  public void failed(UUID clipId, String why) {
    failed.add(clipId);
  }

  @Override
  public void abandon(UUID jobId, String why) {
    abandoned.add(jobId);
  }
}
