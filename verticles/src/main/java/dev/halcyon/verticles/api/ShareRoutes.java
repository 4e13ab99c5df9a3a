package dev.halcyon.verticles.api;

import dev.halcyon.core.access.Permission;
import dev.halcyon.core.clip.Clip;
import dev.halcyon.core.clip.ClipVersion;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.access.Caller;
import dev.halcyon.verticles.access.TrustedProxies;
import dev.halcyon.verticles.store.ClipStore;
import dev.halcyon.verticles.store.ShareLink;
import dev.halcyon.verticles.store.ShareStore;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;

/** Making, listing and revoking the share links of a clip. Those who use them: ShareAccess. */
final class ShareRoutes {
  private final ClipStore clips;
  private final ShareStore shares;
  private final ShareOptions options;
  private final Idempotency idempotency;
  private final ShareJson json;
  private final Callers callers;
  private final Clock clock;

  ShareRoutes(ApiParts parts) {
    this.clips = parts.clips();
    this.shares = parts.shares();
    this.options = parts.options().share();
    this.idempotency = new Idempotency(parts.idempotency());
    this.json = new ShareJson(parts.shareSignature());
    this.callers = new Callers(parts.options());
    this.clock = parts.clock();
  }

  void create(RoutingContext context) {
    Caller caller = editor(context);
    JsonObject body = Optional.ofNullable(Requests.body(context)).orElseGet(JsonObject::new);
    Duration lifetime = lifetime(body);
    Optional<String> boundAddress = boundAddress(body);
    idempotency.answer(
        context,
        201,
        () ->
            clip(context, caller)
                .map(clip -> link(caller, clip, body, lifetime, boundAddress))
                .compose(link -> shares.create(link, ShareOptions.MAX_LINKS))
                .map(kept -> kept.orElseThrow(ShareRoutes::tooMany))
                .map(link -> json.of(link, callers.publicUrl(context.request()))));
  }

  private Duration lifetime(JsonObject body) {
    long expiresS = body.getLong("expires_s", ShareOptions.DEFAULT_LIFETIME.toSeconds());
    long mostS = options.maxLifetime().toSeconds();
    if (body.containsKey("expires_s") && expiresS > mostS) {
      throw new HalcyonException(
          ErrorCode.BAD_REQUEST, "expires_s: a link may live for " + mostS + " s here");
    }
    return Duration.ofSeconds(Math.min(expiresS, mostS));
  }

  private static Optional<String> boundAddress(JsonObject body) {
    try {
      return Optional.ofNullable(body.getString("bind_address")).map(TrustedProxies::canonical);
    } catch (IllegalArgumentException noAddress) {
      throw new HalcyonException(
          ErrorCode.BAD_REQUEST, "bind_address: not an IP address", noAddress);
    }
  }

  private static HalcyonException tooMany() {
    return new HalcyonException(
        ErrorCode.LIMIT_REACHED, "a clip may have " + ShareOptions.MAX_LINKS + " links at a time");
  }

  private ShareLink link(
      Caller caller, Clip clip, JsonObject body, Duration lifetime, Optional<String> boundAddress) {
    ClipVersion version = ClipFiles.version(clip, Optional.ofNullable(body.getInteger("version")));
    Instant now = clock.now();
    return new ShareLink(
        UUID.randomUUID(),
        caller.workspaceId(),
        clip.id(),
        version.version(),
        Math.max(1, version.sizeBytes()),
        boundAddress,
        body.getInteger("max_downloads", ShareOptions.DEFAULT_DOWNLOADS),
        0,
        caller.userId(),
        now,
        now.plus(lifetime).truncatedTo(ChronoUnit.SECONDS),
        Optional.empty(),
        Optional.empty());
  }

  void list(RoutingContext context) {
    Caller caller = editor(context);
    String base = callers.publicUrl(context.request());
    clip(context, caller)
        .compose(clip -> shares.list(caller.workspaceId(), clip.id(), Requests.page(context)))
        .onSuccess(
            page ->
                Requests.answer(context, 200, Requests.pageJson(page, link -> json.of(link, base))))
        .onFailure(context::fail);
  }

  void revoke(RoutingContext context) {
    Caller caller = editor(context);
    UUID clipId = Requests.id(context, ErrorCode.CLIP_NOT_FOUND);
    UUID id = Requests.pathId(context, "share_id", ErrorCode.NOT_FOUND);
    shares
        .revoke(caller.workspaceId(), clipId, id, clock.now())
        .compose(
            isThere ->
                isThere
                    ? Future.succeededFuture()
                    : Future.failedFuture(
                        new HalcyonException(ErrorCode.NOT_FOUND, "the clip has no such link")))
        .onSuccess(revoked -> Requests.answerEmpty(context))
        .onFailure(context::fail);
  }

  private Future<Clip> clip(RoutingContext context, Caller caller) {
    UUID id = Requests.id(context, ErrorCode.CLIP_NOT_FOUND);
    return clips
        .byId(caller.workspaceId(), id)
        .map(
            clip ->
                clip.orElseThrow(
                    () ->
                        new HalcyonException(
                            ErrorCode.CLIP_NOT_FOUND, "no clip has the id " + id)));
  }

  private static Caller editor(RoutingContext context) {
    Caller caller = Requests.caller(context);
    caller.require(Permission.WRITE_CLIPS);
    return caller;
  }
}
