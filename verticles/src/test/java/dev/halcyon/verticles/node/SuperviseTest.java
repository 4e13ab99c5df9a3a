package dev.halcyon.verticles.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The restarting part of {@code scripts/halcyon}, with other programs in the server's place. */
class SuperviseTest {
  private static final Path SCRIPT = Path.of("..", "scripts", "halcyon");

  @Test
  void givesUpOnAServerThatDiesSoonAfterEachStart() throws Exception {
    Process supervisor = supervise("bash -c 'echo started; exit 7'");
    String said = new String(supervisor.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(1, exitOf(supervisor), said);
    assertEquals(3, said.lines().filter("started"::equals).count(), said);
    assertTrue(said.contains("giving up"), said);
  }

  @Test
  void doesNotRepeatAWrongConfiguration() throws Exception {
    assertEquals(2, exitOf(supervise("bash -c 'exit 2'")));
  }

  @Test
  void stopsWhenToldInThePauseBetweenTwoStarts() throws Exception {
    Process supervisor = supervise("bash -c 'echo started; exit 7'");
    try (BufferedReader said = supervisor.inputReader(StandardCharsets.UTF_8)) {
      assertEquals("started", said.readLine());
      String died = said.readLine();
      assertTrue(died.contains("starting it again"), died);
      supervisor.toHandle().destroy();
      assertEquals(0, exitOf(supervisor));
      assertEquals(0, said.lines().count());
    }
  }

  @Test
  void handsTheStopOnToTheServer() throws Exception {
    Process supervisor =
        supervise("bash -c 'trap \"echo stopped; exit 0\" TERM; echo started; sleep 5 & wait'");
    try (BufferedReader said = supervisor.inputReader(StandardCharsets.UTF_8)) {
      assertEquals("started", said.readLine());
      supervisor.toHandle().destroy();
      assertEquals("stopped", said.readLine());
      assertEquals(0, exitOf(supervisor));
    }
  }

  private static Process supervise(String server) throws IOException {
    String script = Files.readString(SCRIPT);
    int begin = script.indexOf("supervise() {");
    String function = script.substring(begin, script.indexOf("\n}\n", begin) + 3);
    String program =
        "set -euo pipefail\nsay() { printf '%s\\n' \"$*\"; }\n"
            + function
            + "java_line=("
            + server
            + ")\nsupervise\n";
    return new ProcessBuilder("bash", "-c", program).redirectErrorStream(true).start();
  }

  private static int exitOf(Process process) throws InterruptedException {
    assertTrue(process.waitFor(20, TimeUnit.SECONDS), "still running");
    return process.exitValue();
  }
}
