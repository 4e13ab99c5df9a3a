package dev.halcyon.verticles.step;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;

/** A process that runs a step that hangs, to be killed while it does. */
final class LonelyParent {
  private LonelyParent() {}

  public static void main(String[] arguments) throws Exception {
    StepCommand command =
        new StepCommand(
            BadChild.class.getName(), System.getProperty("java.class.path"), Path.of(arguments[0]));
    StepLimits limits =
        new StepLimits(32 << 20, 512 << 20, Duration.ofMinutes(1), Duration.ofMinutes(1));
    new StepProcess(
            command,
            limits,
            at ->
                ProcessHandle.current()
                    .children()
                    .forEach(child -> System.out.println("child " + child.pid())))
        .run(new JsonObject().put("how", "hang"));
  }
}
