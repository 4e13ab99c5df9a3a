package dev.halcyon.bench;

import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A measurement in a JVM of its own: with the peers on its class path and what they ask for opened
 * to them, or without anything else in its memory. Rows come back as lines of JSON on its standard
 * output.
 */
public final class ChildJvm {
  /** Flags of every JVM that this project starts. */
  public static final List<String> FLAGS =
      List.of(
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow",
          "-XX:+UseCompactObjectHeaders");

  /** The peers' jars, from {@code scripts/halcyon}; without it they are on the class path. */
  private static final String PEERS_PROPERTY = "halcyon.bench.peers";

  private ChildJvm() {}

  /** This JVM's class path and the peers'. */
  public static String classPathWithPeers() {
    String own = System.getProperty("java.class.path");
    String peers = System.getProperty(PEERS_PROPERTY, "");
    return peers.isEmpty() ? own : own + File.pathSeparator + peers;
  }

  public static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  /**
   * Runs a main class to its end.
   *
   * @param flags beside {@link #FLAGS}
   * @return the rows that it printed
   * @throws IOException when it fails, does not end in time, or cannot be started
   */
  public static List<JsonObject> run(
      Class<?> main, List<String> flags, long limitS, String... arguments) throws IOException {
    List<String> line = new ArrayList<>(List.of(java()));
    line.addAll(FLAGS);
    line.addAll(flags);
    line.addAll(List.of("-cp", classPathWithPeers(), main.getName()));
    line.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    CompletableFuture<Void> watch =
        process
            .onExit()
            .completeOnTimeout(process, limitS, TimeUnit.SECONDS)
            .thenAccept(ChildJvm::end);
    List<JsonObject> rows = new ArrayList<>();
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String text = out.readLine(); text != null; text = out.readLine()) {
        if (text.startsWith("{")) {
          rows.add(new JsonObject(text));
        }
      }
    }
    requireSuccess(process, main);
    watch.join();
    return rows;
  }

  /** Its output then ends, and with it the reading of it. */
  private static void end(Process process) {
    if (process.isAlive()) {
      process.destroyForcibly();
    }
  }

  private static void requireSuccess(Process process, Class<?> main) throws IOException {
    int exit;
    try {
      exit = process.waitFor();
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", interrupted);
    }
    if (exit != 0) {
      throw new IOException(main.getSimpleName() + " ended with " + exit);
    }
  }
}
