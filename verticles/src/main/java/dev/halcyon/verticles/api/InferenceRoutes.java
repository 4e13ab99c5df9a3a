package dev.halcyon.verticles.api;

import dev.halcyon.core.inference.InferenceReport;
import dev.halcyon.verticles.bus.Addresses;
import dev.halcyon.verticles.bus.Bus;
import dev.halcyon.verticles.inference.InferenceJson;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Function;

/** How the models stand and what of their time is left. */
final class InferenceRoutes {
  private final Bus bus;

  InferenceRoutes(ApiParts parts) {
    this.bus = parts.bus();
  }

  void health(RoutingContext context) {
    answer(context, InferenceJson::health);
  }

  void capacity(RoutingContext context) {
    answer(context, InferenceJson::capacity);
  }

  private void answer(RoutingContext context, Function<InferenceReport, JsonObject> told) {
    bus.<InferenceReport>request(
            Addresses.INFERENCE_REPORT,
            new InferenceReport.Query(Requests.caller(context).workspaceId()))
        .onSuccess(report -> Requests.answer(context, 200, told.apply(report)))
        .onFailure(context::fail);
  }
}
