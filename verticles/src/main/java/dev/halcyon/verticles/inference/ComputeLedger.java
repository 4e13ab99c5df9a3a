package dev.halcyon.verticles.inference;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * What each workspace's requests took of the models' time since the start. Of the workspaces that
 * asked longest ago it forgets those beyond 10,000. Any thread.
 */
public final class ComputeLedger {
  private static final int MOST = 10_000;

  private final Map<UUID, Long> spentNs = new LinkedHashMap<>(16, 0.75f, true);

  synchronized void add(UUID workspaceId, long ns) {
    spentNs.merge(workspaceId, ns, Long::sum);
    if (spentNs.size() > MOST) {
      spentNs.remove(spentNs.keySet().iterator().next());
    }
  }

  synchronized long ns(UUID workspaceId) {
    return spentNs.getOrDefault(workspaceId, 0L);
  }
}
