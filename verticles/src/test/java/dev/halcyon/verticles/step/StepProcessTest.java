package dev.halcyon.verticles.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A child may do whatever a hostile file makes it do; the parent is told why, and nothing stays.
 */
final class StepProcessTest {
  private static final Duration LONG = Duration.ofMinutes(1);

  private final List<StepProgress> progress = new CopyOnWriteArrayList<>();

  /** Of other tests in this process. */
  private final List<ProcessHandle> before = javaChildren();

  @TempDir private Path temporary;

  @AfterEach
  void leavesNothing() throws IOException {
    try (Stream<Path> left = Files.list(temporary)) {
      assertEquals(List.of(), left.toList(), "folders of steps");
    }
    assertEquals(List.of(), children(), "processes");
  }

  @Test
  void givesItsResultAndProgressAndNothingOfTheEnvironment() throws Exception {
    JsonObject result = process(LONG, LONG).run(request("well"));

    assertEquals(0.5, progress.getFirst().done());
    assertEquals(
        new JsonArray(List.of("HOME", "LANG", "MALLOC_ARENA_MAX", "PATH", "TMPDIR")),
        result.getJsonArray("environment"));
    assertFalse(Files.exists(Path.of(result.getString("temp"))));
  }

  @Test
  void passesOnWhyItRefuses() {
    HalcyonException refused = failure(process(LONG, LONG), "refuse");

    assertEquals(ErrorCode.CORRUPT_MEDIA, refused.code());
    assertEquals("not a film[2J", refused.getMessage());
  }

  @Test
  void aBugIsInternal() {
    assertEquals(ErrorCode.INTERNAL, failure(process(LONG, LONG), "throw").code());
  }

  @Test
  void aCrashIsToldWithTheLastWords() {
    HalcyonException crashed = failure(process(LONG, LONG), "die");

    assertEquals(ErrorCode.DECODER_CRASHED, crashed.code());
    assertEquals(
        "the process that read the file was killed by signal 6: Assertion ref_count > 0 failed",
        crashed.getMessage());
  }

  @Test
  void killedFromOutsideItHasCrashed() throws Exception {
    CompletableFuture<HalcyonException> outcome = inBackground(process(LONG, LONG));
    child().destroyForcibly();

    assertEquals(ErrorCode.DECODER_CRASHED, outcome.get(30, TimeUnit.SECONDS).code());
    assertTrue(outcome.get().getMessage().contains("signal 9"), outcome.get()::getMessage);
  }

  @Test
  void aChildThatHangsIsEnded() {
    HalcyonException silent = failure(process(LONG, Duration.ofSeconds(2)), "hang");
    assertEquals(ErrorCode.TIMED_OUT, silent.code());

    HalcyonException late = failure(process(Duration.ofSeconds(2), LONG), "hang");
    assertEquals(ErrorCode.TIMED_OUT, late.code());
    assertEquals("the step took longer than 2 s", late.getMessage());
  }

  @Test
  void whatIsNoMessageIsNotFollowedForEver() {
    for (String how : List.of("garbage", "endless")) {
      HalcyonException ended = failure(process(LONG, LONG), how);
      assertEquals(ErrorCode.DECODER_CRASHED, ended.code(), how);
      assertTrue(ended.getMessage().contains("it wrote"), ended::getMessage);
    }
  }

  @Test
  void memoryIsBoundedInTheHeapAndBesideIt() {
    HalcyonException large = failure(process(LONG, LONG), "native");
    assertEquals(ErrorCode.DECODER_CRASHED, large.code());
    assertTrue(large.getMessage().contains("more than 256 MiB"), large::getMessage);

    HalcyonException full = failure(process(LONG, LONG), "heap");
    assertEquals(ErrorCode.DECODER_CRASHED, full.code());
    assertTrue(full.getMessage().contains("ran out of memory"), full::getMessage);
  }

  @Test
  void cancellingStopsItFromAnyThread() throws Exception {
    StepProcess process = process(LONG, LONG);
    CompletableFuture<HalcyonException> outcome = inBackground(process);
    ProcessHandle child = child();
    process.cancel();

    assertEquals(ErrorCode.CANCELLED, outcome.get(30, TimeUnit.SECONDS).code());
    assertFalse(child.isAlive());
  }

  @Test
  void interruptingTheCallerStopsItToo() throws Exception {
    CompletableFuture<Boolean> isInterrupted = new CompletableFuture<>();
    Thread caller =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    process(LONG, LONG).run(request("hang"));
                    isInterrupted.complete(false);
                  } catch (InterruptedException expected) {
                    isInterrupted.complete(true);
                  }
                });
    ProcessHandle child = child();
    caller.interrupt();

    assertTrue(isInterrupted.get(30, TimeUnit.SECONDS));
    caller.join();
    assertFalse(child.isAlive());
  }

  @Test
  void endsByItselfWhenItsParentIsKilled() throws Exception {
    Process parent =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                LonelyParent.class.getName(),
                temporary.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader said = parent.inputReader(StandardCharsets.UTF_8)) {
      long pid = Long.parseLong(said.readLine().replace("child ", ""));
      ProcessHandle child = ProcessHandle.of(pid).orElseThrow();
      parent.destroyForcibly().waitFor();

      child.onExit().get(30, TimeUnit.SECONDS);
      assertFalse(child.isAlive());
    } finally {
      parent.destroyForcibly();
    }
  }

  private StepProcess process(Duration timeout, Duration silence) {
    return new StepProcess(
        new StepCommand(BadChild.class.getName(), System.getProperty("java.class.path"), temporary),
        new StepLimits(32 << 20, 256 << 20, timeout, silence),
        progress::add);
  }

  private static JsonObject request(String how) {
    return new JsonObject().put("how", how);
  }

  private static HalcyonException failure(StepProcess process, String how) {
    return assertThrows(HalcyonException.class, () -> process.run(request(how)));
  }

  private static CompletableFuture<HalcyonException> inBackground(StepProcess process) {
    return CompletableFuture.supplyAsync(() -> failure(process, "hang"));
  }

  /** The child, once it works. */
  private ProcessHandle child() {
    long deadlineNs = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (progress.isEmpty()) {
      assertTrue(System.nanoTime() - deadlineNs < 0, "no child began to work");
      LockSupport.parkNanos(5_000_000);
    }
    return children().getFirst();
  }

  private List<ProcessHandle> children() {
    return javaChildren().stream().filter(child -> !before.contains(child)).toList();
  }

  private static List<ProcessHandle> javaChildren() {
    return ProcessHandle.current()
        .children()
        .filter(child -> child.info().command().orElse("").endsWith("/java"))
        .toList();
  }
}
