package dev.halcyon.verticles.step;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Follows what a process says, on two threads of its own, and keeps no more of it than is of use.
 * What a hostile file made of the process may write anything, for ever.
 */
final class ChildOutput {
  private static final long MAX_TOTAL_BYTES = 64L << 20;
  private static final int MAX_FOREIGN_LINES = 1_000;
  private static final int LAST_WORDS_BYTES = 4 << 10;
  private static final long JOIN_MS = 5_000;

  private final Consumer<StepProgress> listener;
  private final Thread lines;
  private final Thread words;
  private final byte[] lastWords = new byte[LAST_WORDS_BYTES];
  private long wordBytes;
  private int foreignLines;
  private volatile long lastSignNs = System.nanoTime();
  private volatile Optional<StepLine> outcome = Optional.empty();
  private volatile Optional<String> violation = Optional.empty();

  ChildOutput(Process process, Consumer<StepProgress> listener) {
    this.listener = listener;
    this.lines =
        Thread.ofPlatform()
            .daemon()
            .name("step-out-" + process.pid())
            .start(() -> readLines(process.getInputStream()));
    this.words =
        Thread.ofPlatform()
            .daemon()
            .name("step-err-" + process.pid())
            .start(() -> readWords(process.getErrorStream()));
  }

  /** Its result or its error, once it has said one. */
  Optional<StepLine> outcome() {
    return outcome;
  }

  /** Why what it says is not to be followed any longer. */
  Optional<String> violation() {
    return violation;
  }

  /** When it last gave a sign of progress, by {@code System.nanoTime()}. */
  long lastSignNs() {
    return lastSignNs;
  }

  /** Waits until all that it said was read; the process has ended. */
  void join() throws InterruptedException {
    lines.join(JOIN_MS);
    words.join(JOIN_MS);
  }

  /** The end of what it wrote to standard error, fit to be shown. */
  synchronized String lastWords() {
    int length = (int) Math.min(wordBytes, LAST_WORDS_BYTES);
    byte[] text = new byte[length];
    for (int n = 0; n < length; n++) {
      text[n] = lastWords[(int) ((wordBytes - length + n) % LAST_WORDS_BYTES)];
    }
    return presentable(new String(text, StandardCharsets.UTF_8));
  }

  /** Foreign text must not move a terminal's cursor. */
  static String presentable(String text) {
    return text.replaceAll("[\\p{Cntrl}&&[^\\n]]|\\x{FFFD}", "").strip();
  }

  private void readLines(InputStream stream) {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    byte[] chunk = new byte[8 << 10];
    long total = 0;
    try (stream) {
      for (int count = stream.read(chunk); count >= 0; count = stream.read(chunk)) {
        total += count;
        if (violation.isPresent()) {
          continue; // Read on, so that it can end.
        }
        for (int n = 0; n < count; n++) {
          if (chunk[n] == '\n') {
            onLine(line.toString(StandardCharsets.UTF_8));
            line.reset();
          } else {
            line.write(chunk[n]);
          }
        }
        if (line.size() > StepLine.MAX_BYTES || total > MAX_TOTAL_BYTES) {
          violation = Optional.of("it wrote without end");
        }
      }
    } catch (IOException ended) {
      // The pipe of a process that was killed.
      violation = violation.or(() -> Optional.of("its output broke off"));
    }
  }

  private void onLine(String text) {
    Optional<StepLine> line =
        text.length() > StepLine.MAX_BYTES ? Optional.empty() : StepLine.parse(text);
    if (line.isEmpty()) {
      foreignLines++;
      if (foreignLines > MAX_FOREIGN_LINES) {
        violation = Optional.of("it wrote what is no message of ours");
      }
      return;
    }
    switch (line.get()) {
      case StepLine.Progress(StepProgress at) -> {
        lastSignNs = System.nanoTime();
        listener.accept(at);
      }
      case StepLine.Result result -> outcome = outcome.or(() -> Optional.of(result));
      case StepLine.Failure failure -> outcome = outcome.or(() -> Optional.of(failure));
    }
  }

  private void readWords(InputStream stream) {
    byte[] chunk = new byte[4 << 10];
    try (stream) {
      for (int count = stream.read(chunk); count >= 0; count = stream.read(chunk)) {
        keep(chunk, count);
      }
    } catch (IOException ended) {
      keep(new byte[] {'\n'}, 1);
    }
  }

  private synchronized void keep(byte[] chunk, int count) {
    for (int n = 0; n < count; n++) {
      lastWords[(int) (wordBytes++ % LAST_WORDS_BYTES)] = chunk[n];
    }
  }
}
