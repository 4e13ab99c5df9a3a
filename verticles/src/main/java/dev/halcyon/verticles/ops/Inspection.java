package dev.halcyon.verticles.ops;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;

/** Something that the operator may look at and have looked at anew. Any thread. */
public interface Inspection {
  /** The last report. */
  JsonObject latest();

  /**
   * Inspects now.
   *
   * @param mode what to do about what is found; empty for the usual
   * @return the new report; or a failure whose message tells the operator why there is none
   */
  Future<JsonObject> run(String mode);
}
