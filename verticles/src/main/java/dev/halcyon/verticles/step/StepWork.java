package dev.halcyon.verticles.step;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;

/** What the process of a step does. One thread. */
interface StepWork {
  /**
   * @throws HalcyonException what the parent is to be told
   */
  JsonObject run(StepSink sink) throws Exception;

  /** The work that a request asks for. */
  static StepWork of(JsonObject request) {
    try {
      return switch (RecordJson.read(StepRequest.class, request)) {
        case StepRequest.Ingest(String source) -> new IngestWork(Path.of(source));
        case StepRequest.Analyse analyse -> new AnalyseWork(analyse);
        case StepRequest.Render render -> new RenderWork(render);
      };
    } catch (IllegalArgumentException foreign) {
      throw new HalcyonException(
          ErrorCode.BAD_REQUEST, "no such step: " + foreign.getMessage(), foreign);
    }
  }
}
