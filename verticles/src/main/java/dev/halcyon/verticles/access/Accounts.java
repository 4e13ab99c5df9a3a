package dev.halcyon.verticles.access;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.store.AccountStore;
import dev.halcyon.verticles.store.AccountStore.Member;
import dev.halcyon.verticles.store.AccountStore.TokenRow;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;

/**
 * Registration, login and the rotation of refresh tokens. Passwords are hashed on two worker
 * threads of its own. Any thread.
 */
public final class Accounts {
  private static final int HASH_THREADS = 2;
  private static final int TOKEN_BYTES = 32;

  private final AccountStore store;
  private final AccessTokens tokens;
  private final Passwords passwords;
  private final Duration refreshLifetime;
  private final Clock clock;
  private final WorkerExecutor hashing;
  private final SecureRandom random = new SecureRandom();

  public Accounts(
      Vertx vertx, AccountStore store, AccessTokens tokens, AccessOptions options, Clock clock) {
    this.store = store;
    this.tokens = tokens;
    this.passwords = new Passwords(options.passwordIterations());
    this.refreshLifetime = options.refreshLifetime();
    this.clock = clock;
    this.hashing = vertx.createSharedWorkerExecutor("halcyon-passwords", HASH_THREADS);
  }

  /** What a signed-in client holds. */
  public record Session(String accessToken, String refreshToken, long expiresInS) {
    @Override
    public String toString() {
      return "Session[expiresInS=" + expiresInS + "]";
    }
  }

  /** Creates an account with a workspace; or fails with EMAIL_TAKEN. */
  public Future<Member> register(String email, String password, String name) {
    return hashed(() -> passwords.hash(password))
        .compose(hash -> store.create(normal(email), name.strip(), hash));
  }

  /** Signs in; or fails with INVALID_CREDENTIALS, alike for a wrong email and a wrong password. */
  public Future<Session> login(String email, String password) {
    return store
        .byEmail(normal(email))
        .compose(found -> checked(found, password))
        .compose(member -> session(member, UUID.randomUUID()));
  }

  private Future<Member> checked(Optional<Member> found, String password) {
    Callable<Boolean> check =
        found.isPresent()
            ? () -> passwords.matches(password, found.get().passwordHash())
            : () -> passwords.matchesNobody(password);
    return hashed(check)
        .compose(
            isRight ->
                isRight
                    ? Future.succeededFuture(found.orElseThrow())
                    : Future.failedFuture(
                        new HalcyonException(
                            ErrorCode.INVALID_CREDENTIALS, "the email or the password is wrong")));
  }

  /**
   * Exchanges a refresh token for a new session; it can be used once. Fails with UNAUTHORIZED when
   * it is unknown, expired or revoked; using it again later revokes every token of its login.
   */
  public Future<Session> refresh(String refreshToken) {
    return store
        .use(digest(refreshToken), now())
        .compose(used -> used.map(this::renewed).orElseGet(() -> Future.failedFuture(notValid())));
  }

  private Future<Session> renewed(TokenRow used) {
    return store
        .member(used.userId(), used.workspaceId())
        .compose(
            member ->
                member
                    .map(present -> session(present, used.familyId()))
                    .orElseGet(() -> Future.failedFuture(notValid())));
  }

  /** Revokes a refresh token and all that descend from its login. Unknown tokens are ignored. */
  public Future<Void> logout(String refreshToken) {
    return store.revoke(digest(refreshToken));
  }

  /** Drops expired refresh tokens from the store; to be called now and then. */
  public Future<Void> dropExpired() {
    return store.dropExpired(now());
  }

  private Future<Session> session(Member member, UUID familyId) {
    byte[] secret = new byte[TOKEN_BYTES];
    random.nextBytes(secret);
    String refreshToken = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    TokenRow row =
        new TokenRow(
            digest(refreshToken),
            familyId,
            member.userId(),
            member.workspaceId(),
            now().plus(refreshLifetime));
    return store
        .keep(row)
        .map(kept -> new Session(tokens.issue(member), refreshToken, tokens.lifetimeS()));
  }

  private <T> Future<T> hashed(Callable<T> work) {
    return hashing.executeBlocking(work, false);
  }

  private Instant now() {
    return Instant.EPOCH.plusNanos(clock.wallUs() * 1_000);
  }

  private static HalcyonException notValid() {
    return new HalcyonException(ErrorCode.UNAUTHORIZED, "the refresh token is not valid");
  }

  private static String normal(String email) {
    return email.strip().toLowerCase(Locale.ROOT);
  }

  private static Buffer digest(String token) {
    try {
      return Buffer.buffer(
          MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException failure) {
      throw new IllegalStateException("this JDK has no SHA-256", failure);
    }
  }
}
