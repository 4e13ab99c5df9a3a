package dev.halcyon.verticles.access;

import dev.halcyon.core.access.Role;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.store.AccountStore.Member;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.auth.JWTOptions;
import io.vertx.ext.auth.PubSecKeyOptions;
import io.vertx.ext.auth.authentication.TokenCredentials;
import io.vertx.ext.auth.jwt.JWTAuth;
import io.vertx.ext.auth.jwt.JWTAuthOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/** Makes and reads access tokens: JWT (RFC 7519) signed with HS256. Any thread. */
public final class AccessTokens {
  private static final String ALGORITHM = "HS256";
  private static final String ISSUER = "halcyon";

  private final JWTAuth jwt;
  private final Clock clock;
  private final Duration lifetime;

  /**
   * @param secret at least 32 bytes of randomness, as text
   */
  public AccessTokens(Vertx vertx, String secret, Duration lifetime, Clock clock) {
    if (secret.length() < 32) {
      throw new IllegalArgumentException("secret too short [length=" + secret.length() + "]");
    }
    // The expiry is compared below, with our clock and a code of its own.
    this.jwt =
        JWTAuth.create(
            vertx,
            new JWTAuthOptions()
                .addPubSecKey(new PubSecKeyOptions().setAlgorithm(ALGORITHM).setBuffer(secret))
                .setJWTOptions(new JWTOptions().setIgnoreExpiration(true).setIssuer(ISSUER)));
    this.clock = clock;
    this.lifetime = lifetime;
  }

  public String issue(Member member) {
    long nowS = clock.wallUs() / 1_000_000;
    JsonObject claims =
        new JsonObject()
            .put("sub", member.userId().toString())
            .put("workspace_id", member.workspaceId().toString())
            .put("role", member.role().wire())
            .put("iss", ISSUER)
            .put("iat", nowS)
            .put("exp", nowS + lifetime.toSeconds());
    return jwt.generateToken(claims, new JWTOptions().setAlgorithm(ALGORITHM).setNoTimestamp(true));
  }

  /** Seconds from issue to expiry. */
  public long lifetimeS() {
    return lifetime.toSeconds();
  }

  /** The caller that a token names; or a failure UNAUTHORIZED or TOKEN_EXPIRED. */
  public Future<Caller> verify(String token) {
    return jwt.authenticate(new TokenCredentials(token))
        .map(user -> read(user.attributes().getJsonObject("accessToken")))
        .recover(failure -> Future.failedFuture(refused(failure)))
        .compose(this::notExpired);
  }

  private static Caller read(JsonObject claims) {
    return new Caller(
        UUID.fromString(claims.getString("sub")),
        UUID.fromString(claims.getString("workspace_id")),
        Role.ofWire(claims.getString("role")),
        Instant.ofEpochSecond(claims.getLong("exp")));
  }

  private static HalcyonException refused(Throwable cause) {
    return new HalcyonException(ErrorCode.UNAUTHORIZED, "the access token is not valid", cause);
  }

  private Future<Caller> notExpired(Caller caller) {
    return hasExpired(caller)
        ? Future.failedFuture(
            new HalcyonException(ErrorCode.TOKEN_EXPIRED, "the access token has expired"))
        : Future.succeededFuture(caller);
  }

  public boolean hasExpired(Caller caller) {
    return untilExpiryMs(caller) <= 0;
  }

  /** How long the caller's token remains valid; not positive once it has expired. */
  public long untilExpiryMs(Caller caller) {
    return caller.expiresAt().toEpochMilli() - clock.wallUs() / 1_000;
  }
}
