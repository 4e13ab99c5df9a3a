package dev.halcyon.verticles.api;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.access.Accounts;
import dev.halcyon.verticles.access.RateLimit;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.OptionalLong;

/** Registration and sessions. */
final class AuthRoutes {
  private final Callers callers;
  private final Accounts accounts;
  private final boolean isRegistrationOpen;
  private final RateLimit logins;
  private final RateLimit registrations;

  AuthRoutes(ApiParts parts) {
    this.callers = new Callers(parts.options());
    this.accounts = parts.accounts();
    this.isRegistrationOpen = parts.access().isRegistrationOpen();
    this.logins =
        new RateLimit(parts.access().loginsPerMinute(), Duration.ofMinutes(1), parts.clock());
    this.registrations =
        new RateLimit(parts.access().registrationsPerHour(), Duration.ofHours(1), parts.clock());
  }

  void register(RoutingContext context) {
    if (!isRegistrationOpen) {
      throw new HalcyonException(ErrorCode.FORBIDDEN, "this server takes no new accounts");
    }
    limit(context, registrations);
    JsonObject body = Requests.body(context);
    accounts
        .register(body.getString("email"), body.getString("password"), body.getString("name"))
        .onSuccess(
            member ->
                Requests.answer(
                    context,
                    201,
                    new JsonObject()
                        .put("id", member.userId().toString())
                        .put("email", member.email())
                        .put("name", member.name())
                        .put("workspace_id", member.workspaceId().toString())))
        .onFailure(context::fail);
  }

  void login(RoutingContext context) {
    limit(context, logins);
    JsonObject body = Requests.body(context);
    accounts
        .login(body.getString("email"), body.getString("password"))
        .onSuccess(session -> answer(context, session))
        .onFailure(context::fail);
  }

  void refresh(RoutingContext context) {
    accounts
        .refresh(Requests.body(context).getString("refresh_token"))
        .onSuccess(session -> answer(context, session))
        .onFailure(context::fail);
  }

  void logout(RoutingContext context) {
    accounts
        .logout(Requests.body(context).getString("refresh_token"))
        .onSuccess(done -> Requests.answerEmpty(context))
        .onFailure(context::fail);
  }

  private static void answer(RoutingContext context, Accounts.Session session) {
    Requests.answer(
        context,
        200,
        new JsonObject()
            .put("access_token", session.accessToken())
            .put("refresh_token", session.refreshToken())
            .put("token_type", "Bearer")
            .put("expires_in", session.expiresInS()));
  }

  private void limit(RoutingContext context, RateLimit limit) {
    OptionalLong waitS = limit.refuse(callers.address(context.request()));
    if (waitS.isPresent()) {
      context.response().putHeader(HttpHeaders.RETRY_AFTER, Long.toString(waitS.getAsLong()));
      throw new HalcyonException(
          ErrorCode.RATE_LIMITED, "too many attempts; try again in " + waitS.getAsLong() + " s");
    }
  }
}
