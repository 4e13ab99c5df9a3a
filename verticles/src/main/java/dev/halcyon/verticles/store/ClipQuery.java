package dev.halcyon.verticles.store;

import dev.halcyon.core.clip.Approval;
import dev.halcyon.core.clip.ClipStatus;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The conditions of a {@link ClipFilter} in SQL; only what narrows is said, so that indexes fit.
 */
final class ClipQuery {
  private final StringBuilder where = new StringBuilder();
  private final List<Object> arguments = new ArrayList<>();

  ClipQuery(UUID workspaceId, ClipFilter filter) {
    where.append(" WHERE ");
    put("c.workspace_id = ?", workspaceId);
    where.append(
        switch (filter.shelf()) {
          case KEPT -> " AND c.deleted_at IS NULL";
          case DELETED -> " AND c.deleted_at IS NOT NULL AND c.purged_at IS NULL";
        });
    filter.streamId().ifPresent(id -> and("c.stream_id = ?", id));
    filter.jobId().ifPresent(id -> and("c.job_id = ?", id));
    filter.status().map(ClipStatus::wire).ifPresent(status -> and("c.status = ?", status));
    filter.approval().map(Approval::wire).ifPresent(state -> and("c.approval = ?", state));
    filter
        .tag()
        .ifPresent(
            tag ->
                and(
                    "EXISTS (SELECT FROM unnest(c.hashtags) AS tag"
                        + " WHERE lower(ltrim(tag, '#')) = lower(ltrim(?::text, '#')))",
                    tag));
    filter
        .text()
        .ifPresent(text -> and("c.title || ' ' || c.description ILIKE ?", "%" + like(text) + "%"));
    filter.from().ifPresent(from -> and("c.created_at >= ?", time(from)));
    filter.to().ifPresent(to -> and("c.created_at < ?", time(to)));
    filter.minScore().ifPresent(score -> and("c.score >= ?", score));
  }

  String where() {
    return where.toString();
  }

  Object[] arguments(Object... more) {
    List<Object> all = new ArrayList<>(arguments);
    all.addAll(List.of(more));
    return all.toArray();
  }

  /** The name of the nth argument, from 1, that {@link #arguments} appends. */
  String parameter(int nth) {
    return "$" + (arguments.size() + nth);
  }

  private void and(String condition, Object argument) {
    where.append(" AND ");
    put(condition, argument);
  }

  private void put(String condition, Object argument) {
    arguments.add(argument);
    where.append(condition.replace("?", "$" + arguments.size()));
  }

  /** What stands for itself in a LIKE pattern. */
  private static String like(String text) {
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
  }

  private static Object time(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
