package dev.halcyon.verticles.store;

import dev.halcyon.core.access.Role;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.Row;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;

/** Users, their workspaces, and the refresh tokens that keep them signed in. Any thread. */
public final class AccountStore {
  private static final String MEMBERSHIP =
      "SELECT u.id, u.email, u.name, u.password_hash, m.workspace_id, m.role FROM users u"
          + " JOIN workspace_members m ON m.user_id = u.id"
          + " JOIN workspaces w ON w.id = m.workspace_id AND w.deleted_at IS NULL"
          + " WHERE u.deleted_at IS NULL";

  private final Sql sql;

  public AccountStore(Pool pool) {
    this.sql = new Sql(pool);
  }

  /**
   * A user in one of its workspaces.
   *
   * @param email lower case
   */
  public record Member(
      UUID userId, String email, String name, String passwordHash, UUID workspaceId, Role role) {
    @Override
    public String toString() {
      return "Member[userId=" + userId + ", workspaceId=" + workspaceId + ", role=" + role + "]";
    }
  }

  /**
   * A refresh token to be kept.
   *
   * @param hash SHA-256 of the token; the token itself is not stored
   * @param familyId the login that it descends from
   */
  public record TokenRow(
      Buffer hash, UUID familyId, UUID userId, UUID workspaceId, Instant expiresAt) {}

  /**
   * Creates a user with a workspace of its own.
   *
   * @return the member; or a failure EMAIL_TAKEN
   */
  public Future<Member> create(String email, String name, String passwordHash) {
    Member owner =
        new Member(UUID.randomUUID(), email, name, passwordHash, UUID.randomUUID(), Role.OWNER);
    return sql.inTransaction(
            connection ->
                Sql.query(
                        connection,
                        "INSERT INTO users (id, email, name, password_hash)"
                            + " VALUES ($1, $2, $3, $4)",
                        owner.userId(),
                        email,
                        name,
                        passwordHash)
                    .compose(
                        ignored ->
                            Sql.query(
                                connection,
                                "INSERT INTO workspaces (id, name, owner_id) VALUES ($1, $2, $3)",
                                owner.workspaceId(),
                                name,
                                owner.userId()))
                    .compose(
                        ignored ->
                            Sql.query(
                                connection,
                                "INSERT INTO workspace_members (workspace_id, user_id, role)"
                                    + " VALUES ($1, $2, 'owner')",
                                owner.workspaceId(),
                                owner.userId()))
                    .map(owner))
        .recover(failure -> Future.failedFuture(taken(failure)));
  }

  private static Throwable taken(Throwable failure) {
    return failure instanceof PgException refused
            && Sql.UNIQUE_VIOLATION.equals(refused.getSqlState())
        ? new HalcyonException(ErrorCode.EMAIL_TAKEN, "this email address has an account", failure)
        : failure;
  }

  /** A user in the workspace that it joined first. */
  public Future<Optional<Member>> byEmail(String email) {
    return sql.one(
        AccountStore::member, MEMBERSHIP + " AND u.email = $1 ORDER BY m.joined_at LIMIT 1", email);
  }

  public Future<Optional<Member>> member(UUID userId, UUID workspaceId) {
    return sql.one(
        AccountStore::member,
        MEMBERSHIP + " AND u.id = $1 AND m.workspace_id = $2",
        userId,
        workspaceId);
  }

  public Future<Void> keep(TokenRow token) {
    return sql.query(
            "INSERT INTO refresh_tokens (token_hash, family_id, user_id, workspace_id, expires_at)"
                + " VALUES ($1, $2, $3, $4, $5)",
            token.hash(),
            token.familyId(),
            token.userId(),
            token.workspaceId(),
            token.expiresAt().atOffset(ZoneOffset.UTC))
        .mapEmpty();
  }

  /**
   * Uses up a token. One that was used before was copied by someone: its whole family is revoked;
   * unless it was used just now, as two tabs of one browser do.
   *
   * @param now what the token's expiry is compared with
   * @return the token, or empty when it is unknown, expired, revoked or used before
   */
  public Future<Optional<TokenRow>> use(Buffer hash, Instant now) {
    return sql.one(
            AccountStore::token,
            "UPDATE refresh_tokens SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL"
                + " AND revoked_at IS NULL AND expires_at > $2"
                + " RETURNING token_hash, family_id, user_id, workspace_id, expires_at",
            hash,
            now.atOffset(ZoneOffset.UTC))
        .compose(
            token ->
                token.isPresent()
                    ? Future.succeededFuture(token)
                    : revokeReused(hash, now).map(token));
  }

  private Future<Void> revokeReused(Buffer hash, Instant now) {
    return sql.query(
            "UPDATE refresh_tokens SET revoked_at = now() WHERE revoked_at IS NULL AND family_id ="
                + " (SELECT family_id FROM refresh_tokens WHERE token_hash = $1"
                + " AND used_at < $2::timestamptz - interval '5 seconds')",
            hash,
            now.atOffset(ZoneOffset.UTC))
        .mapEmpty();
  }

  /** Revokes a token and all of its family; nothing happens when it is unknown. */
  public Future<Void> revoke(Buffer hash) {
    return sql.query(
            "UPDATE refresh_tokens SET revoked_at = now() WHERE revoked_at IS NULL AND family_id ="
                + " (SELECT family_id FROM refresh_tokens WHERE token_hash = $1)",
            hash)
        .mapEmpty();
  }

  /** Drops tokens that expired before {@code now}; they answer as unknown ones from then on. */
  public Future<Void> dropExpired(Instant now) {
    return sql.query(
            "DELETE FROM refresh_tokens WHERE expires_at < $1", now.atOffset(ZoneOffset.UTC))
        .mapEmpty();
  }

  private static Member member(Row row) {
    return new Member(
        row.getUUID("id"),
        row.getString("email"),
        row.getString("name"),
        row.getString("password_hash"),
        row.getUUID("workspace_id"),
        Role.ofWire(row.getString("role")));
  }

  private static TokenRow token(Row row) {
    return new TokenRow(
        row.getBuffer("token_hash"),
        row.getUUID("family_id"),
        row.getUUID("user_id"),
        row.getUUID("workspace_id"),
        row.getOffsetDateTime("expires_at").toInstant());
  }
}
