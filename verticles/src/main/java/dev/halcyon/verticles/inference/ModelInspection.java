package dev.halcyon.verticles.inference;

import dev.halcyon.core.inference.InferenceReport;
import dev.halcyon.verticles.ops.Inspection;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.UUID;

/** The models, for the operator: how they stand, and opened anew as they are on the disk now. */
public record ModelInspection(Inference inference) implements Inspection {
  private static final UUID NOBODY = new UUID(0, 0);

  @Override
  public JsonObject latest() {
    InferenceReport report = inference.report(NOBODY);
    return InferenceJson.health(report).put("capacity", InferenceJson.capacity(report));
  }

  @Override
  public Future<JsonObject> run(String mode) {
    return inference.reload().map(reloaded -> latest());
  }
}
