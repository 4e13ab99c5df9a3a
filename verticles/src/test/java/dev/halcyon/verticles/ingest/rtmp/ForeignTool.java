package dev.halcyon.verticles.ingest.rtmp;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program of the machine, run as a client or a judge. */
public final class ForeignTool implements AutoCloseable {
  private static final int DEADLINE_S = 60;

  private final Process process;
  private final Path output;

  private ForeignTool(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /** Skips the calling test, with a printed reason, when the program is not there. */
  public static void require(String... probe) throws IOException, InterruptedException {
    boolean isThere;
    try {
      Process process =
          new ProcessBuilder(probe)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      isThere = process.waitFor(DEADLINE_S, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException absent) {
      isThere = false;
    }
    String reason = "skipped: `" + String.join(" ", probe) + "` does not work on this machine";
    if (!isThere) {
      System.out.println(reason);
    }
    assumeTrue(isThere, reason);
  }

  public static ForeignTool start(Path folder, String... command) throws IOException {
    Path output = Files.createTempFile(folder, command[0], ".log");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(output.toFile())
            .start();
    return new ForeignTool(process, output);
  }

  /** Runs to a successful end. */
  public static String run(Path folder, String... command)
      throws IOException, InterruptedException {
    try (ForeignTool tool = start(folder, command)) {
      int status = tool.exitStatus();
      assertTrue(status == 0, () -> String.join(" ", command) + "\n" + tool.output());
      return tool.output();
    }
  }

  static String[] with(List<String> head, String... tail) {
    List<String> all = new ArrayList<>(head);
    all.addAll(List.of(tail));
    return all.toArray(String[]::new);
  }

  public int exitStatus() throws InterruptedException {
    assertTrue(process.waitFor(DEADLINE_S, TimeUnit.SECONDS), () -> "no end\n" + output());
    return process.exitValue();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  public void kill() {
    process.destroyForcibly();
  }

  public String output() {
    try {
      return Files.readString(output, StandardCharsets.ISO_8859_1);
    } catch (IOException failure) {
      return failure.toString();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
