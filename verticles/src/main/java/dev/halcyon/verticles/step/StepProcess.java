package dev.halcyon.verticles.step;

import dev.halcyon.core.error.DiskFailure;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.ops.ResidentMemory;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One step in a process of its own, because a foreign file may crash whatever reads it. {@link
 * #run} blocks; {@link #cancel} is for any thread. When it returns, however it does, the process is
 * gone and so is its temporary folder.
 */
public final class StepProcess {
  private static final long POLL_MS = 100;
  private static final long GRACE_MS = 2_000;

  /** HotSpot's exit status for {@code ExitOnOutOfMemoryError}. */
  static final int EXIT_OUT_OF_MEMORY = 3;

  private final StepCommand command;
  private final StepLimits limits;
  private final Consumer<StepProgress> listener;
  private volatile boolean isCancelled;

  /**
   * @param listener told on a thread of the process's output; must not block
   */
  public StepProcess(StepCommand command, StepLimits limits, Consumer<StepProgress> listener) {
    this.command = Objects.requireNonNull(command, "command");
    this.limits = Objects.requireNonNull(limits, "limits");
    this.listener = Objects.requireNonNull(listener, "listener");
  }

  /** Has the process stopped, now or as soon as it would start. */
  public void cancel() {
    isCancelled = true;
  }

  /**
   * Runs the step to its end.
   *
   * @param request what {@link StepMain} understands, below 32 KiB
   * @return its result
   * @throws HalcyonException what the step said it failed of; DECODER_CRASHED when it died, took
   *     too much memory or said nothing sensible; TIMED_OUT; CANCELLED; IO_FAILED when it cannot be
   *     started
   */
  public JsonObject run(JsonObject request) throws InterruptedException {
    byte[] line = (request.encode() + "\n").getBytes(StandardCharsets.UTF_8);
    if (line.length > StepMain.MAX_REQUEST_BYTES) {
      throw new IllegalArgumentException("request is too long [bytes=" + line.length + "]");
    }
    try (StepFolder folder = StepFolder.below(command.temporary())) {
      requireNotCancelled();
      return runIn(folder.path(), line);
    } catch (IOException failure) {
      throw new HalcyonException(
          DiskFailure.codeOf(failure),
          "a step cannot be started: " + failure.getMessage(),
          failure);
    }
  }

  private JsonObject runIn(Path folder, byte[] request) throws IOException, InterruptedException {
    Process process = command.start(folder, limits);
    // Its standard input stays open as long as we live: the end of it tells the process to go.
    try (OutputStream in = process.getOutputStream()) {
      ChildOutput output = new ChildOutput(process, listener);
      send(in, request);
      watch(process, output);
      output.join();
      return resultOf(process, output, folder);
    } finally {
      end(process);
    }
  }

  private static void send(OutputStream in, byte[] request) {
    try {
      in.write(request);
      in.flush();
    } catch (IOException gone) {
      // It is dead already; its exit status tells why.
      Objects.requireNonNull(gone);
    }
  }

  private void watch(Process process, ChildOutput output) throws InterruptedException {
    long startNs = System.nanoTime();
    while (!process.waitFor(POLL_MS, TimeUnit.MILLISECONDS)) {
      requireNotCancelled();
      requireWithin(startNs, limits.timeout(), "took longer than ");
      requireWithin(output.lastSignNs(), limits.silence(), "gave no sign of progress for ");
      output.violation().ifPresent(StepProcess::fail);
      if (ResidentMemory.anonymousBytesOf(process.pid()) > limits.residentBytes()) {
        fail("it needed more than " + (limits.residentBytes() >> 20) + " MiB of memory");
      }
    }
    requireNotCancelled();
  }

  private void requireNotCancelled() {
    if (isCancelled) {
      throw new HalcyonException(ErrorCode.CANCELLED, "cancelled");
    }
  }

  private static void requireWithin(long sinceNs, Duration limit, String what) {
    if (System.nanoTime() - sinceNs > limit.toNanos()) {
      throw new HalcyonException(
          ErrorCode.TIMED_OUT, "the step " + what + limit.toSeconds() + " s");
    }
  }

  private static void fail(String why) {
    throw new HalcyonException(
        ErrorCode.DECODER_CRASHED, "the process that read the file was ended: " + why);
  }

  private static JsonObject resultOf(Process process, ChildOutput output, Path folder) {
    StepLine outcome = output.outcome().orElse(null);
    return switch (outcome) {
      case StepLine.Result(JsonObject value) when process.exitValue() == 0 -> value;
      case StepLine.Failure(ErrorCode code, String message) ->
          throw new HalcyonException(code, ChildOutput.presentable(message));
      case null, default -> throw crashed(process.exitValue(), output, folder);
    };
  }

  private static HalcyonException crashed(int exit, ChildOutput output, Path folder) {
    String how =
        exit == EXIT_OUT_OF_MEMORY
            ? "ran out of memory"
            : exit > 128 ? "was killed by signal " + (exit - 128) : "ended with " + exit;
    String words = LastWords.of(folder.resolve(StepCommand.CRASH_FILE), output.lastWords());
    return new HalcyonException(
        ErrorCode.DECODER_CRASHED,
        "the process that read the file " + how + (words.isEmpty() ? "" : ": " + words));
  }

  /** Asks, then forces; waits, whatever interrupts, until it is gone. */
  private static void end(Process process) {
    boolean isInterrupted = false;
    process.destroy();
    while (process.isAlive()) {
      try {
        if (!process.waitFor(GRACE_MS, TimeUnit.MILLISECONDS)) {
          process.destroyForcibly();
        }
      } catch (InterruptedException interrupted) {
        isInterrupted = true;
        process.destroyForcibly();
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** A folder that is gone when it is closed. */
  private record StepFolder(Path path) implements AutoCloseable {
    static StepFolder below(Path temporary) throws IOException {
      Files.createDirectories(temporary);
      return new StepFolder(Files.createTempDirectory(temporary.toAbsolutePath(), "halcyon-step-"));
    }

    @Override
    public void close() throws IOException {
      Folders.delete(path);
    }
  }
}
