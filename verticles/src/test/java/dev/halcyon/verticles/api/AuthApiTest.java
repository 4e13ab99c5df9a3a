package dev.halcyon.verticles.api;

import static dev.halcyon.verticles.api.TestServer.expect;
import static dev.halcyon.verticles.api.TestServer.expectError;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.verticles.access.AccessOptions;
import dev.halcyon.verticles.api.TestServer.User;
import dev.halcyon.verticles.store.Database;
import dev.halcyon.verticles.store.SharedDatabase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(SharedDatabase.class)
class AuthApiTest {
  @TempDir Path folder;
  private TestServer server;

  @BeforeEach
  void start(Database database) throws IOException {
    server = TestServer.start(database, folder);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void registersWithAWorkspaceAndSignsIn() {
    String email = "Ada." + UUID.randomUUID() + "@Example.org";
    JsonObject registered = expect(201, register(email));
    assertEquals(email.toLowerCase(java.util.Locale.ROOT), registered.getString("email"));
    assertEquals("Ada", registered.getString("name"));
    UUID.fromString(registered.getString("id"));
    UUID.fromString(registered.getString("workspace_id"));
    JsonObject session = expect(200, login(email, "correct horse"));
    assertEquals(900, session.getInteger("expires_in"));
    expect(200, server.get("/api/streams", Optional.of(session.getString("access_token"))));
  }

  @Test
  void refusesASecondAccountOfAnAddress() {
    String email = UUID.randomUUID() + "@example.org";
    expect(201, register(email));
    expectError(ErrorCode.EMAIL_TAKEN, register(email.toUpperCase(java.util.Locale.ROOT)));
  }

  @Test
  void answersAlikeForAWrongEmailAndAWrongPassword() {
    User user = server.user();
    String wrongPassword =
        expectError(ErrorCode.INVALID_CREDENTIALS, login(user.email(), "wrong horse"));
    String wrongEmail =
        expectError(ErrorCode.INVALID_CREDENTIALS, login("nobody@example.org", "correct horse"));
    assertEquals(wrongPassword, wrongEmail);
  }

  @Test
  void rotatesRefreshTokens() {
    User user = server.user();
    JsonObject second = expect(200, refresh(user.refreshToken()));
    assertNotEquals(user.refreshToken(), second.getString("refresh_token"));
    expect(200, server.get("/api/streams", Optional.of(second.getString("access_token"))));
    expect(200, refresh(second.getString("refresh_token")));
  }

  @Test
  void revokesTheWholeLoginWhenARefreshTokenIsUsedTwice() {
    User user = server.user();
    JsonObject second = expect(200, refresh(user.refreshToken()));
    server.clock.advance(Duration.ofSeconds(6));
    expectError(ErrorCode.UNAUTHORIZED, refresh(user.refreshToken()));
    expectError(ErrorCode.UNAUTHORIZED, refresh(second.getString("refresh_token")));
    expect(200, login(user.email(), "correct horse"));
  }

  @Test
  void twoTabsThatRefreshAtOnceStaySignedIn() {
    User user = server.user();
    JsonObject second = expect(200, refresh(user.refreshToken()));
    expectError(ErrorCode.UNAUTHORIZED, refresh(user.refreshToken()));
    expect(200, refresh(second.getString("refresh_token")));
  }

  @Test
  void asksWhoCallsBeforeItReadsWhat() {
    expectError(
        ErrorCode.UNAUTHORIZED,
        server.post("/api/streams", Optional.empty(), new JsonObject().put("name", 1)));
  }

  @Test
  void asksWhoCallsHoweverThePathIsSpelt() {
    for (String path :
        new String[] {"/api/streams/", "/api/clips/", "/api/%73treams", "/api//streams"}) {
      expectError(
          ErrorCode.UNAUTHORIZED,
          server.post(path, Optional.empty(), new JsonObject().put("name", 1)));
      expectError(ErrorCode.UNAUTHORIZED, server.get(path, Optional.empty()));
    }
    expectError(ErrorCode.UNAUTHORIZED, server.get("/api/nothing", Optional.empty()));
    expect(200, server.get("/api/streams/", server.user().token()));
    assertEquals(200, server.get("/api/health/", Optional.empty()).statusCode());
  }

  @Test
  void refusesControlCharactersInAccounts() {
    JsonObject good =
        new JsonObject().put("email", "a@b.c").put("password", "correct horse").put("name", "A");
    for (String field : new String[] {"email", "name"}) {
      String message =
          expectError(
              ErrorCode.BAD_REQUEST,
              server.post(
                  "/api/auth/register", Optional.empty(), good.copy().put(field, "a\u0000@b.c")));
      assertTrue(message.contains(field), message);
    }
    expectError(ErrorCode.BAD_REQUEST, login("a\u0000@b.c", "correct horse"));
  }

  @Test
  void logoutEndsTheRefreshToken() {
    User user = server.user();
    HttpResponse<Buffer> answer =
        server.post(
            "/api/auth/logout",
            Optional.empty(),
            new JsonObject().put("refresh_token", user.refreshToken()));
    assertEquals(204, answer.statusCode());
    expectError(ErrorCode.UNAUTHORIZED, refresh(user.refreshToken()));
  }

  @Test
  void refreshTokensExpireAfterSevenDays() {
    User user = server.user();
    server.clock.advance(Duration.ofDays(7).plusSeconds(1));
    expectError(ErrorCode.UNAUTHORIZED, refresh(user.refreshToken()));
  }

  @Test
  void accessTokensExpireAfterFifteenMinutes() {
    User user = server.user();
    server.clock.advance(Duration.ofMinutes(15).minusSeconds(5));
    expect(200, server.get("/api/streams", user.token()));
    server.clock.advance(Duration.ofSeconds(6));
    expectError(ErrorCode.TOKEN_EXPIRED, server.get("/api/streams", user.token()));
  }

  @Test
  void refusesTokensThatAreNotOurs() {
    User user = server.user();
    String[] parts = user.accessToken().split("\\.", -1);
    Base64.Encoder encoder = Base64.getUrlEncoder().withoutPadding();
    String unsigned =
        encoder.encodeToString(
                "{\"alg\":\"none\",\"typ\":\"JWT\"}".getBytes(StandardCharsets.UTF_8))
            + "."
            + parts[1]
            + ".";
    for (String token : new String[] {"x", "a.b.c", unsigned, parts[0] + "." + parts[1] + ".A"}) {
      expectError(ErrorCode.UNAUTHORIZED, server.get("/api/streams", Optional.of(token)));
    }
    expectError(ErrorCode.UNAUTHORIZED, server.get("/api/streams", Optional.empty()));
  }

  @Test
  void namesTheFieldThatBreaksTheContract() {
    String message =
        expectError(
            ErrorCode.BAD_REQUEST,
            server.post(
                "/api/auth/register",
                Optional.empty(),
                new JsonObject().put("email", "a@b.c").put("password", "short").put("name", "A")));
    assertTrue(message.contains("password"), message);
    String missing =
        expectError(
            ErrorCode.BAD_REQUEST,
            server.post(
                "/api/auth/login", Optional.empty(), new JsonObject().put("email", "a@b.c")));
    assertTrue(missing.contains("password"), missing);
  }

  @Test
  void limitsLoginsAMinuteAndRegistrationsAnHour(Database database) throws IOException {
    AccessOptions strict = AccessOptions.DEFAULT;
    try (TestServer limited = TestServer.start(database, folder.resolve("limited"), strict)) {
      for (int attempt = 0; attempt < 5; attempt++) {
        expectError(ErrorCode.INVALID_CREDENTIALS, login(limited, "nobody@example.org", "x"));
      }
      HttpResponse<Buffer> refused = login(limited, "nobody@example.org", "x");
      expectError(ErrorCode.RATE_LIMITED, refused);
      int waitS = Integer.parseInt(refused.getHeader("Retry-After"));
      assertTrue(waitS > 0 && waitS <= 60, "Retry-After: " + waitS);
      limited.clock.advance(Duration.ofSeconds(waitS));
      expectError(ErrorCode.INVALID_CREDENTIALS, login(limited, "nobody@example.org", "x"));

      for (int attempt = 0; attempt < 3; attempt++) {
        expect(201, register(limited, UUID.randomUUID() + "@example.org"));
      }
      expectError(ErrorCode.RATE_LIMITED, register(limited, UUID.randomUUID() + "@example.org"));
      limited.clock.advance(Duration.ofHours(1));
      expect(201, register(limited, UUID.randomUUID() + "@example.org"));
    }
  }

  @Test
  void aClosedServerTakesNoAccountsButSignsIn(Database database) throws IOException {
    User user = server.user();
    AccessOptions shut = AccessOptions.DEFAULT.withRegistrationClosed();
    try (TestServer closed = TestServer.start(database, folder.resolve("closed"), shut)) {
      expectError(ErrorCode.FORBIDDEN, register(closed, UUID.randomUUID() + "@example.org"));
      expect(200, login(closed, user.email(), "correct horse"));
    }
  }

  private HttpResponse<Buffer> register(String email) {
    return register(server, email);
  }

  private static HttpResponse<Buffer> register(TestServer server, String email) {
    return server.post(
        "/api/auth/register",
        Optional.empty(),
        new JsonObject().put("email", email).put("password", "correct horse").put("name", "Ada"));
  }

  private HttpResponse<Buffer> login(String email, String password) {
    return login(server, email, password);
  }

  private static HttpResponse<Buffer> login(TestServer server, String email, String password) {
    return server.post(
        "/api/auth/login",
        Optional.empty(),
        new JsonObject().put("email", email).put("password", password));
  }

  private HttpResponse<Buffer> refresh(String token) {
    return server.post(
        "/api/auth/refresh", Optional.empty(), new JsonObject().put("refresh_token", token));
  }
}
