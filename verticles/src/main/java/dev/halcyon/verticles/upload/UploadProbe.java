package dev.halcyon.verticles.upload;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.step.RecordJson;
import dev.halcyon.verticles.step.SourceFacts;
import dev.halcyon.verticles.step.StepCommand;
import dev.halcyon.verticles.step.StepLimits;
import dev.halcyon.verticles.step.StepProcess;
import dev.halcyon.verticles.step.StepRequest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Looks into files, each in a process of its own, one after the other; whoever asks for the same
 * shares the answer. Any thread.
 */
final class UploadProbe implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(10);
  private static final int MOST_WAITING = 32;

  private final StepCommand command;
  private final Map<UUID, CompletableFuture<SourceFacts>> going = new HashMap<>();
  private final ThreadPoolExecutor thread =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(MOST_WAITING),
          Thread.ofPlatform().daemon().name("upload-probe").factory());

  UploadProbe(StepCommand command) {
    this.command = command;
  }

  /** Fails with what is wrong with the file; OVERLOADED when too many wait. */
  synchronized CompletableFuture<SourceFacts> look(UUID id, Path file) {
    going.values().removeIf(CompletableFuture::isDone);
    return going.computeIfAbsent(id, fresh -> submitted(file));
  }

  private CompletableFuture<SourceFacts> submitted(Path file) {
    CompletableFuture<SourceFacts> found = new CompletableFuture<>();
    try {
      thread.execute(() -> run(file, found));
    } catch (RejectedExecutionException full) {
      found.completeExceptionally(
          new HalcyonException(ErrorCode.OVERLOADED, "too many files wait to be looked into"));
    }
    return found;
  }

  private void run(Path file, CompletableFuture<SourceFacts> found) {
    StepProcess process = new StepProcess(command, StepLimits.within(LIMIT), progress -> {});
    try {
      StepRequest request = new StepRequest.Ingest(file.toAbsolutePath().toString());
      found.complete(RecordJson.read(SourceFacts.class, process.run(request.json())));
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      found.completeExceptionally(
          new HalcyonException(ErrorCode.OVERLOADED, "the server stops", stopped));
    } catch (RuntimeException failure) {
      found.completeExceptionally(failure);
    }
  }

  /** Ends what is in hand. Blocks for some seconds at most. */
  @Override
  public void close() {
    thread.shutdownNow();
    try {
      thread.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
