package dev.halcyon.verticles.realtime;

import dev.halcyon.core.event.JobEvent;
import dev.halcyon.core.job.StepKey;
import dev.halcyon.verticles.api.JobJson;
import dev.halcyon.verticles.api.Times;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.UUID;

/** Facts about jobs as listeners receive them: {@code {"type","job_id","at","data"}}. */
final class JobEventJson {
  private JobEventJson() {}

  static JsonObject of(JobEvent event) {
    return new JsonObject()
        .put("type", event.type())
        .put("job_id", event.jobId().toString())
        .put("at", Times.text(event.at()))
        .put("data", data(event));
  }

  private static JsonObject data(JobEvent event) {
    return switch (event) {
      case JobEvent.StepChanged changed ->
          JobJson.step(changed.jobId(), changed.step())
              .put("job_status", changed.status().wire())
              .put("progress", changed.percent());
      case JobEvent.Progressed progressed -> progress(progressed);
      case JobEvent.Completed completed ->
          new JsonObject().put("status", "completed").put("clip_count", completed.clips());
      case JobEvent.Failed failed ->
          new JsonObject()
              .put("status", "failed")
              .put("reason", "step_failed")
              .put("step", failed.step().wire())
              .put("code", failed.failure().code().name())
              .put("message", JobJson.message(failed.failure()))
              .put("clip_id", clip(failed.jobId(), failed.step()));
    };
  }

  private static String clip(UUID jobId, StepKey step) {
    return JobJson.clipId(jobId, step).map(UUID::toString).orElse(null);
  }

  private static JsonObject progress(JobEvent.Progressed progressed) {
    JsonArray steps = new JsonArray();
    progressed.steps().forEach(step -> steps.add(step.wire()));
    return new JsonObject()
        .put("status", progressed.status().wire())
        .put("progress", progressed.percent())
        .put("steps", steps)
        .put("done", progressed.done())
        .put("media_us", progressed.mediaUs());
  }
}
