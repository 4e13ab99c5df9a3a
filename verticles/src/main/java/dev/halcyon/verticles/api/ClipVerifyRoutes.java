package dev.halcyon.verticles.api;

import dev.halcyon.core.access.Permission;
import dev.halcyon.core.clip.verify.ClipCheck;
import dev.halcyon.core.clip.verify.ClipVerified;
import dev.halcyon.core.clip.verify.VerifyClip;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.verticles.access.Caller;
import dev.halcyon.verticles.bus.Addresses;
import dev.halcyon.verticles.bus.Bus;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.OptionalInt;

/** Files held against their contracts, over the bus. */
final class ClipVerifyRoutes {
  private final Bus bus;

  ClipVerifyRoutes(ApiParts parts) {
    this.bus = parts.bus();
  }

  void verify(RoutingContext context) {
    Caller caller = Requests.caller(context);
    caller.require(Permission.READ_CLIPS);
    OptionalInt version =
        Requests.query(context, "version")
            .map(text -> OptionalInt.of(Integer.parseInt(text)))
            .orElse(OptionalInt.empty());
    VerifyClip request =
        new VerifyClip(
            caller.workspaceId(), Requests.id(context, ErrorCode.CLIP_NOT_FOUND), version);
    bus.<ClipVerified>request(Addresses.CLIP_VERIFY, request)
        .onSuccess(verified -> Requests.answer(context, 200, json(verified)))
        .onFailure(context::fail);
  }

  private static JsonObject json(ClipVerified verified) {
    JsonArray checks = new JsonArray();
    verified.verification().checks().forEach(check -> checks.add(json(check)));
    return new JsonObject()
        .put("clip_id", verified.clipId().toString())
        .put("version", verified.version())
        .put("verified_at", Times.text(verified.at()))
        .put("ok", verified.verification().isOk())
        .put("checks", checks);
  }

  private static JsonObject json(ClipCheck check) {
    return new JsonObject()
        .put("name", check.name())
        .put("expected", value(check.expected()))
        .put("measured", value(check.measured()))
        .put("ok", check.ok());
  }

  private static Object value(ClipCheck.Value value) {
    return switch (value) {
      case ClipCheck.Whole(long number) -> number;
      case ClipCheck.Text(String text) -> text;
    };
  }
}
