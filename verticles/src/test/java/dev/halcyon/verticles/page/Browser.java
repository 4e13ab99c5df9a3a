package dev.halcyon.verticles.page;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.json.JsonObject;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * This machine's Chromium, without a window, in a profile of its own that goes with it. It can
 * resolve no name but this machine's. Used by one thread at a time.
 */
final class Browser implements AutoCloseable {
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome");
  private static final Duration START_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

  private static final List<String> OPTIONS =
      List.of(
          "--headless=new",
          "--no-sandbox",
          "--disable-gpu",
          "--disable-dev-shm-usage",
          "--remote-debugging-port=0",
          "--no-first-run",
          "--no-default-browser-check",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-default-apps",
          "--disable-domain-reliability",
          "--disable-extensions",
          "--disable-sync",
          "--disable-features=Translate,MediaRouter,OptimizationHints",
          "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
          "--autoplay-policy=no-user-gesture-required",
          "--mute-audio",
          "--hide-scrollbars",
          "--force-device-scale-factor=1",
          "--lang=en-US");

  private final Process process;
  private final Path profile;
  private final DevTools tools;

  private Browser(Process process, Path profile, DevTools tools) {
    this.process = process;
    this.profile = profile;
    this.tools = tools;
  }

  /** Skips the calling test, with a printed reason, on a machine without Chromium. */
  static Browser start() throws IOException {
    return start(List.of());
  }

  /**
   * @param more options
   */
  static Browser start(List<String> more) throws IOException {
    Optional<Path> program = program();
    String reason = "skipped: none of " + NAMES + " is on the PATH";
    if (program.isEmpty()) {
      System.out.println(reason);
    }
    assumeTrue(program.isPresent(), reason);
    return start(program.get(), more);
  }

  private static Optional<Path> program() {
    List<String> folders = List.of(System.getenv("PATH").split(File.pathSeparator));
    return NAMES.stream()
        .flatMap(name -> folders.stream().map(folder -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static Browser start(Path program, List<String> more) throws IOException {
    Path profile = Files.createTempDirectory("page-test-profile");
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(OPTIONS);
    command.addAll(more);
    command.add("--user-data-dir=" + profile);
    command.add("about:blank");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(profile.resolve("output.log").toFile())
            .start();
    try {
      return new Browser(process, profile, new DevTools(addressOf(process, profile)));
    } catch (RuntimeException | IOException failure) {
      end(process, profile);
      throw failure;
    }
  }

  /** Chromium writes its port and path into its profile once it listens. */
  private static URI addressOf(Process process, Path profile) throws IOException {
    Path written = profile.resolve("DevToolsActivePort");
    long deadlineNs = System.nanoTime() + START_TIMEOUT.toNanos();
    while (System.nanoTime() - deadlineNs < 0 && process.isAlive()) {
      List<String> lines = Files.exists(written) ? Files.readAllLines(written) : List.of();
      if (lines.size() >= 2) {
        return URI.create("ws://127.0.0.1:" + lines.get(0) + lines.get(1));
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    String output = Files.readString(profile.resolve("output.log"));
    throw new IOException("Chromium does not listen: " + output);
  }

  /** A new tab with storage of its own, as another user's browser would have it. */
  Page newPage() {
    String contextId =
        tools.call("Target.createBrowserContext", new JsonObject()).getString("browserContextId");
    return new Page(tools, contextId);
  }

  @Override
  public void close() throws IOException {
    tools.close();
    end(process, profile);
  }

  private static void end(Process process, Path profile) throws IOException {
    List<ProcessHandle> family =
        Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList();
    family.forEach(ProcessHandle::destroyForcibly);
    long deadlineNs = System.nanoTime() + STOP_TIMEOUT.toNanos();
    while (family.stream().anyMatch(ProcessHandle::isAlive) && System.nanoTime() - deadlineNs < 0) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
    try (Stream<Path> files = Files.walk(profile)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
