package dev.halcyon.core.access;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Places for work that goes on at once, of which no workspace has more than its part. Any thread.
 */
public final class WorkspaceSlots {
  private final int most;
  private final int mostOfOne;
  private final Map<UUID, Integer> taken = new HashMap<>();
  private int total;

  public WorkspaceSlots(int most, int mostOfOne) {
    if (mostOfOne < 1 || most < mostOfOne) {
      throw new IllegalArgumentException(
          "out of range [most=" + most + ", mostOfOne=" + mostOfOne + "]");
    }
    this.most = most;
    this.mostOfOne = mostOfOne;
  }

  /** A place that is taken; closed once the work is over. */
  public final class Slot implements AutoCloseable {
    private final UUID workspace;
    private final AtomicBoolean isOver = new AtomicBoolean();

    private Slot(UUID workspace) {
      this.workspace = workspace;
    }

    @Override
    public void close() {
      if (isOver.compareAndSet(false, true)) {
        free(workspace);
      }
    }
  }

  /** A place; empty when the workspace has its part, or all are taken. */
  public synchronized Optional<Slot> take(UUID workspace) {
    int own = taken.getOrDefault(workspace, 0);
    if (total == most || own == mostOfOne) {
      return Optional.empty();
    }
    taken.put(workspace, own + 1);
    total++;
    return Optional.of(new Slot(workspace));
  }

  private synchronized void free(UUID workspace) {
    taken.computeIfPresent(workspace, (id, own) -> own == 1 ? null : own - 1);
    total--;
  }
}
