package dev.halcyon.verticles.inference;

import dev.halcyon.core.inference.Admission;
import dev.halcyon.core.inference.InferenceReport;
import dev.halcyon.core.inference.InferenceReport.ModelState;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Locale;

/** A report as the API and the management port tell it. */
public final class InferenceJson {
  private static final double NS_PER_US = 1_000;
  private static final double NS_PER_MS = 1e6;
  private static final double NS_PER_S = 1e9;

  private InferenceJson() {}

  /** Which models are on, and why others are not. */
  public static JsonObject health(InferenceReport report) {
    JsonArray models = new JsonArray();
    report.models().forEach(model -> models.add(health(model)));
    boolean isUp = report.models().stream().anyMatch(ModelState::isUp);
    boolean isWhole = report.models().stream().allMatch(ModelState::isUp);
    return new JsonObject()
        .put("status", isWhole ? "ok" : isUp ? "degraded" : "off")
        .put("runtime", report.runtime())
        .put("device", report.device())
        .put("native_bytes", report.nativeBytes())
        .put("models", models);
  }

  private static JsonObject health(ModelState model) {
    return new JsonObject()
        .put("name", model.name())
        .put("class", model.workClass().wire())
        .put("status", model.isUp() ? "on" : "off")
        .put("reason", model.reason().orElse(null))
        .put("queue_depth", model.depth())
        .put("max_batch", model.maxBatch())
        .put("batches", model.batches())
        .put("answered", model.answered())
        .put("dropped", model.dropped());
  }

  /** What is left, from what batches were measured to cost. */
  public static JsonObject capacity(InferenceReport report) {
    JsonArray classes = new JsonArray();
    report
        .classes()
        .forEach(
            each ->
                classes.add(
                    new JsonObject()
                        .put("name", each.workClass().wire())
                        .put("threads", each.threads())
                        .put("busy", rounded(each.busy()))));
    JsonArray models = new JsonArray();
    report.models().stream().filter(ModelState::isUp).forEach(each -> models.add(capacity(each)));
    return new JsonObject()
        .put("classes", classes)
        .put("models", models)
        .put("more_streams", moreStreams(report))
        .put("workspace_compute_s", report.workspaceComputeNs() / NS_PER_S);
  }

  /** Streams ask all models that are on: the scarcest decides. Null when none is on. */
  private static Integer moreStreams(InferenceReport report) {
    double shareOfOne = 0;
    int fewest = Integer.MAX_VALUE;
    for (ModelState model : report.models()) {
      if (model.capacity().isPresent()) {
        int more = model.capacity().get().moreStreams();
        fewest = Math.min(fewest, more);
        shareOfOne += more > 0 ? 1.0 / more : 0;
      }
    }
    if (fewest == Integer.MAX_VALUE) {
      return null;
    }
    return fewest == 0 ? 0 : (int) Math.min(fewest, Math.floor(1 / shareOfOne));
  }

  private static JsonObject capacity(ModelState model) {
    JsonObject json =
        new JsonObject().put("name", model.name()).put("class", model.workClass().wire());
    admission(model.admission(), json);
    model
        .cost()
        .ifPresent(
            cost ->
                json.put("batch_us", rounded(cost.fixedNs() / NS_PER_US))
                    .put("request_us", rounded(cost.perRequestNs() / NS_PER_US)));
    model
        .capacity()
        .ifPresent(
            left ->
                json.put("more_streams", left.moreStreams())
                    .put("worst_ms", rounded(left.worstNs() / NS_PER_MS))
                    .put("keeps_deadline", left.keepsDeadline()));
    return json;
  }

  private static void admission(Admission admission, JsonObject json) {
    switch (admission) {
      case Admission.Admitted admitted -> json.put("admission", "admit");
      case Admission.Queued queued ->
          json.put("admission", "queue").put("batches_before", queued.batchesBefore());
      case Admission.Rejected rejected ->
          json.put("admission", "reject")
              .put("reason", rejected.reason().name().toLowerCase(Locale.ROOT))
              .put("retry_after_ms", rejected.retryAfterMs());
    }
  }

  private static double rounded(double value) {
    return Math.round(value * 100) / 100.0;
  }
}
