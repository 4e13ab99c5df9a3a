package dev.halcyon.verticles.store;

import static dev.halcyon.verticles.store.PostgresJobStore.awaited;

import dev.halcyon.core.job.JobLeases;
import io.vertx.sqlclient.Pool;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The jobs in hand of one node, as columns of their rows. */
public final class PostgresJobLeases implements JobLeases {
  /** An owner that has not renewed its lease for this long is gone. */
  private static final String LEASE_AGE = "interval '60 seconds'";

  private static final String CLAIM =
      """
      UPDATE jobs SET owner_node = $1, locked_at = now(), claimed_at = clock_timestamp() WHERE id = (
        SELECT j.id FROM jobs j
        WHERE j.status IN ('created', 'ingesting', 'analyzing', 'rendering')
          AND j.owner_node IS NULL AND j.deleted_at IS NULL
          AND (j.wake_at IS NULL OR j.wake_at <= now())
        ORDER BY (SELECT count(*) FROM jobs o
                  WHERE o.workspace_id = j.workspace_id AND o.owner_node IS NOT NULL),
                 (SELECT max(t.claimed_at) FROM jobs t
                  WHERE t.workspace_id = j.workspace_id) NULLS FIRST,
                 j.created_at
        LIMIT 1 FOR UPDATE OF j SKIP LOCKED)
      RETURNING id
      """;

  private final Sql sql;
  private final String nodeId;

  public PostgresJobLeases(Pool pool, String nodeId) {
    this.sql = new Sql(pool);
    this.nodeId = nodeId;
  }

  @Override
  public Optional<UUID> claim() {
    return awaited(sql.one(row -> row.getUUID("id"), CLAIM, nodeId));
  }

  @Override
  public Set<UUID> renew(Collection<UUID> held) {
    return Set.copyOf(
        awaited(
            sql.list(
                row -> row.getUUID("id"),
                "UPDATE jobs SET locked_at = now() WHERE owner_node = $1 AND id = ANY($2)"
                    + " AND status <> 'cancelled' RETURNING id",
                nodeId,
                ids(held))));
  }

  @Override
  public void release(UUID job) {
    awaited(
        sql.query(
            "UPDATE jobs SET owner_node = NULL, locked_at = NULL WHERE id = $1 AND owner_node = $2",
            job,
            nodeId));
  }

  @Override
  public List<UUID> takeLeft(Collection<UUID> held) {
    return awaited(
        sql.list(
            row -> row.getUUID("id"),
            "UPDATE jobs SET owner_node = $1, locked_at = now() WHERE owner_node IS NOT NULL"
                + " AND NOT id = ANY($2) AND (owner_node = $1 OR locked_at < now() - "
                + LEASE_AGE
                + ") RETURNING id",
            nodeId,
            ids(held)));
  }

  private static UUID[] ids(Collection<UUID> all) {
    return all.toArray(UUID[]::new);
  }
}
