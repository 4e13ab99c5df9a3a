package dev.halcyon.codecs.cut;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs the machine's own ffmpeg and ffprobe, foreign readers of our files. */
public final class Program {
  private Program() {}

  /** Skips the test, saying why, where the program is absent. */
  public static void require(String name) {
    boolean isPresent =
        List.of(System.getenv().getOrDefault("PATH", "").split(":", -1)).stream()
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
    if (!isPresent) {
      System.out.println("skipped: no " + name + " on this machine");
    }
    assumeTrue(isPresent, "no " + name + " on this machine");
  }

  /** Standard output; fails with the error output on a bad end. */
  public static byte[] run(List<String> command) throws IOException, InterruptedException {
    Path errors = Files.createTempFile("program", ".err");
    try {
      Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
      process.getOutputStream().close();
      byte[] output = process.getInputStream().readAllBytes();
      boolean hasEnded = process.waitFor(60, TimeUnit.SECONDS);
      if (!hasEnded || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IOException(command + ": " + Files.readString(errors));
      }
      return output;
    } finally {
      Files.delete(errors);
    }
  }

  /** What a program that ends well says to its error output. */
  public static String errors(List<String> command) throws IOException, InterruptedException {
    List<String> both = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" 2>&1 >/dev/null", "sh"));
    both.addAll(command);
    return new String(run(both), StandardCharsets.UTF_8);
  }

  public static String text(String... command) throws IOException, InterruptedException {
    return new String(run(List.of(command)), StandardCharsets.UTF_8);
  }

  /** {@code ffmpeg -v error -nostdin -y} and more. */
  public static byte[] ffmpeg(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("ffmpeg", "-v", "error", "-nostdin", "-y"));
    command.addAll(List.of(arguments));
    return run(command);
  }
}
