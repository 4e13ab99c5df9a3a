package dev.halcyon.verticles.step;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.job.StepName;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * What the process of a step says on its standard output, one JSON object a line:
 *
 * <pre>
 * {"type":"progress","step":"face_track","done":0.25,"media_us":15000000}
 * {"type":"result","value":{…}}
 * {"type":"error","code":"CORRUPT_MEDIA","message":"…"}
 * </pre>
 */
sealed interface StepLine {
  /** A longer line is none of ours: what is big goes into files. */
  int MAX_BYTES = 64 << 10;

  record Progress(StepProgress at) implements StepLine {}

  record Result(JsonObject value) implements StepLine {}

  record Failure(ErrorCode code, String message) implements StepLine {}

  default String text() {
    JsonObject json =
        switch (this) {
          case Progress(StepProgress at) ->
              new JsonObject()
                  .put("type", "progress")
                  .put("step", at.step().wire())
                  .put("done", at.done())
                  .put("media_us", at.mediaUs());
          case Result(JsonObject value) ->
              new JsonObject().put("type", "result").put("value", value);
          case Failure(ErrorCode code, String message) ->
              new JsonObject()
                  .put("type", "error")
                  .put("code", code.name())
                  .put("message", message);
        };
    return json.encode();
  }

  /** What a line says; empty when it is not one of these. */
  static Optional<StepLine> parse(String line) {
    try {
      JsonObject json = new JsonObject(line);
      return switch (json.getString("type", "")) {
        case "progress" ->
            Optional.of(
                new Progress(
                    new StepProgress(
                        StepName.ofWire(json.getString("step", "")),
                        json.getDouble("done", -1.0),
                        json.getLong("media_us", -1L))));
        case "result" -> Optional.of(new Result(json.getJsonObject("value", new JsonObject())));
        case "error" ->
            Optional.of(
                new Failure(
                    ErrorCode.valueOf(json.getString("code", "")), json.getString("message", "")));
        default -> Optional.empty();
      };
    } catch (DecodeException
        | IllegalArgumentException
        | ClassCastException
        | NullPointerException foreign) {
      return Optional.empty();
    }
  }
}
