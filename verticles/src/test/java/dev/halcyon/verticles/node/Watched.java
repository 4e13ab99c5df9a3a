package dev.halcyon.verticles.node;

import dev.halcyon.codecs.testcard.TestCardJudge;
import dev.halcyon.codecs.testcard.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Somebody who watches an address until it ends, on a thread of their own. */
final class Watched implements AutoCloseable {
  private static final int PIECE_BYTES = 4_096;

  private final HttpResponse<InputStream> response;
  private final Path file;
  private final long pauseNs;
  private final CompletableFuture<Long> end = new CompletableFuture<>();
  private final AtomicLong bytes = new AtomicLong();

  private Watched(HttpResponse<InputStream> response, Path file, long pauseNs) {
    this.response = response;
    this.file = file;
    this.pauseNs = pauseNs;
    Thread.ofPlatform().daemon().name("viewer").start(this::watch);
  }

  /**
   * Returns when the head of the answer is there.
   *
   * @param pauseNs after each 4 KiB
   */
  static Watched start(HttpClient http, HttpRequest request, Path file, long pauseNs) {
    try {
      HttpResponse<InputStream> response =
          http.send(request, HttpResponse.BodyHandlers.ofInputStream());
      return new Watched(response, file, pauseNs);
    } catch (IOException failure) {
      throw new AssertionError(failure);
    } catch (InterruptedException interrupted) {
      throw new AssertionError(interrupted);
    }
  }

  private void watch() {
    byte[] piece = new byte[PIECE_BYTES];
    try (InputStream in = response.body();
        OutputStream out = Files.newOutputStream(file)) {
      for (int length = in.read(piece); length >= 0; length = in.read(piece)) {
        out.write(piece, 0, length);
        bytes.addAndGet(length);
        LockSupport.parkNanos(pauseNs);
      }
      out.flush();
      end.complete(System.nanoTime());
    } catch (IOException broken) {
      end.completeExceptionally(broken);
    }
  }

  int status() {
    return response.statusCode();
  }

  String header(String name) {
    return response.headers().firstValue(name).orElse("");
  }

  /** So far. */
  long bytes() {
    return bytes.get();
  }

  boolean isOn() {
    return !end.isDone();
  }

  /** The whole of it, once it has ended in order. */
  Path whole() throws Exception {
    end.get(40, TimeUnit.SECONDS);
    return file;
  }

  Verdict judge() throws Exception {
    return TestCardJudge.judge(whole());
  }

  /** How it broke off. */
  String failure() throws InterruptedException {
    Deadline.until("the end of the answer", end::isDone);
    return end.isCompletedExceptionally() ? String.valueOf(end.exceptionNow()) : "in order";
  }

  @Override
  public void close() throws IOException {
    response.body().close();
  }
}
