package dev.halcyon.verticles.store;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;

/** Remembers for a day how a creation with an {@code Idempotency-Key} was answered. Any thread. */
public final class IdempotencyStore {
  /** A creation that takes longer than this was cut off by a crash: its key is free again. */
  private static final String CLAIM_AGE = "interval '1 minute'";

  private static final String KEEP_AGE = "interval '1 day'";

  private final Sql sql;

  public IdempotencyStore(Pool pool) {
    this.sql = new Sql(pool);
  }

  /** An answer given before. */
  public record Answer(int statusCode, JsonObject body) {}

  /**
   * Takes a key for a new creation.
   *
   * @param requestHash digest of what is asked
   * @return empty when the key is ours now, to be followed by {@link #keep} or {@link #release}; or
   *     the answer to be repeated; or a failure IDEMPOTENCY_CONFLICT when the key was used for
   *     something else or its creation goes on
   */
  public Future<Optional<Answer>> claim(UUID workspaceId, String key, byte[] requestHash) {
    return sql.query(
            "INSERT INTO idempotency_keys (workspace_id, key, request_hash) VALUES ($1, $2, $3)"
                + " ON CONFLICT (workspace_id, key) DO UPDATE"
                + " SET request_hash = excluded.request_hash, created_at = now(),"
                + " status_code = NULL, body = NULL"
                + " WHERE idempotency_keys.created_at < now() - "
                + KEEP_AGE
                + " OR (idempotency_keys.status_code IS NULL"
                + " AND idempotency_keys.created_at < now() - "
                + CLAIM_AGE
                + ")",
            workspaceId,
            key,
            Buffer.buffer(requestHash))
        .compose(
            rows ->
                rows.rowCount() == 1
                    ? Future.succeededFuture(Optional.empty())
                    : earlier(workspaceId, key, requestHash).map(Optional::of));
  }

  private Future<Answer> earlier(UUID workspaceId, String key, byte[] requestHash) {
    return sql.one(
            row -> answer(row, requestHash),
            "SELECT request_hash, status_code, body FROM idempotency_keys"
                + " WHERE workspace_id = $1 AND key = $2",
            workspaceId,
            key)
        .map(found -> found.orElseThrow(() -> conflict("is being released; send it again")));
  }

  private static Answer answer(Row row, byte[] requestHash) {
    if (!Arrays.equals(row.getBuffer("request_hash").getBytes(), requestHash)) {
      throw conflict("was used for another request");
    }
    Integer statusCode = row.getInteger("status_code");
    if (statusCode == null) {
      throw conflict("belongs to a request that is still being answered");
    }
    return new Answer(statusCode, row.getJsonObject("body"));
  }

  private static HalcyonException conflict(String why) {
    return new HalcyonException(ErrorCode.IDEMPOTENCY_CONFLICT, "the Idempotency-Key " + why);
  }

  public Future<Void> keep(UUID workspaceId, String key, Answer answer) {
    return sql.query(
            "UPDATE idempotency_keys SET status_code = $3, body = $4"
                + " WHERE workspace_id = $1 AND key = $2",
            workspaceId,
            key,
            answer.statusCode(),
            answer.body())
        .mapEmpty();
  }

  /** Frees a key whose creation failed. */
  public Future<Void> release(UUID workspaceId, String key) {
    return sql.query(
            "DELETE FROM idempotency_keys"
                + " WHERE workspace_id = $1 AND key = $2 AND status_code IS NULL",
            workspaceId,
            key)
        .mapEmpty();
  }

  public Future<Void> dropExpired() {
    return sql.query("DELETE FROM idempotency_keys WHERE created_at < now() - " + KEEP_AGE)
        .mapEmpty();
  }
}
