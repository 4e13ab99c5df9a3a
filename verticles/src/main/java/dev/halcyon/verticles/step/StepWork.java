package dev.halcyon.verticles.step;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import io.vertx.core.json.JsonObject;

/** What the process of a step does. One thread. */
interface StepWork {
  /**
   * @throws HalcyonException what the parent is to be told
   */
  JsonObject run(StepSink sink) throws Exception;

  /** The work that a request asks for. */
  static StepWork of(JsonObject request) {
    return sink -> {
      throw new HalcyonException(
          ErrorCode.BAD_REQUEST, "no such step: " + request.getString("step"));
    };
  }
}
