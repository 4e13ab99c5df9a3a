package dev.halcyon.verticles.fetch;

import dev.halcyon.core.error.DiskFailure;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A foreign program at work in a folder: with nothing of our environment but its path, ended when
 * it takes too long, writes too much, or is not wanted any more. Blocking; one thread.
 */
final class ToolRun {
  private static final long POLL_MS = 200;
  private static final long GRACE_MS = 2_000;
  private static final int OUTPUT_BYTES = 16 << 10;

  private final String path;
  private final Path folder;
  private final long maxBytes;
  private final FetchDeadline limit;
  private final FetchListener listener;

  /** What it said. */
  record Ended(int status, String output, String errors) {}

  /**
   * @param maxBytes of all that is in the folder
   */
  ToolRun(String path, Path folder, long maxBytes, FetchDeadline limit, FetchListener listener) {
    this.path = path;
    this.folder = folder;
    this.maxBytes = maxBytes;
    this.limit = limit;
    this.listener = listener;
  }

  /**
   * Runs it to its end; when this returns, it is gone with all that it started.
   *
   * @throws HalcyonException SOURCE_TOO_SLOW, CANCELLED, MEDIA_TOO_LARGE, IO_FAILED when it cannot
   *     be started
   */
  Ended run(Path program, List<String> arguments) {
    limit.check();
    try {
      Process process = start(program, arguments);
      try {
        Tail output = new Tail(process.getInputStream());
        Tail errors = new Tail(process.getErrorStream());
        watch(process);
        return new Ended(process.exitValue(), output.text(), errors.text());
      } finally {
        end(process);
      }
    } catch (IOException failure) {
      throw new HalcyonException(
          DiskFailure.codeOf(failure),
          program.getFileName() + " cannot be run: " + failure.getMessage(),
          failure);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new HalcyonException(ErrorCode.CANCELLED, "stopped", interrupted);
    }
  }

  private Process start(Path program, List<String> arguments) throws IOException {
    ProcessBuilder builder = new ProcessBuilder();
    builder.command().add(program.toString());
    builder.command().addAll(arguments);
    builder.directory(folder.toFile());
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    Map<String, String> environment = builder.environment();
    String home = environment.getOrDefault("HOME", "");
    environment.clear();
    environment.put("PATH", path);
    environment.put("LANG", "C.UTF-8");
    // An empty home: no configuration, no plugins, no cookies of anybody's.
    environment.put("HOME", folder.toString());
    environment.put("XDG_CONFIG_HOME", folder.toString());
    environment.put("XDG_DATA_HOME", folder.toString());
    environment.put("XDG_CACHE_HOME", folder.toString());
    environment.put("TMPDIR", folder.toString());
    environment.put("YTDLP_NO_PLUGINS", "1");
    // But where a user has installed the program itself, Python still finds it.
    environment.put("PYTHONUSERBASE", home + "/.local");
    return builder.start();
  }

  private void watch(Process process) throws IOException, InterruptedException {
    while (!process.waitFor(POLL_MS, TimeUnit.MILLISECONDS)) {
      limit.check();
      requireRoom();
    }
    limit.check();
    requireRoom();
  }

  private void requireRoom() throws IOException {
    long bytes = bytesIn(folder);
    if (bytes > maxBytes) {
      throw FetchDeadline.tooLarge(maxBytes);
    }
    listener.onBytes(bytes, OptionalLong.empty());
  }

  /** Files come and go under us. */
  private static long bytesIn(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(Path::toFile).filter(File::isFile).mapToLong(File::length).sum();
    }
  }

  private static void end(Process process) {
    boolean isInterrupted = false;
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    while (process.isAlive()) {
      try {
        process.waitFor(GRACE_MS, TimeUnit.MILLISECONDS);
      } catch (InterruptedException interrupted) {
        isInterrupted = true;
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** The end of what a program writes, however much that is. */
  private static final class Tail {
    private final byte[] last = new byte[OUTPUT_BYTES];
    private long written;
    private final Thread thread;

    Tail(InputStream stream) {
      thread = Thread.ofVirtual().name("tool-output").start(() -> readAll(stream));
    }

    private void readAll(InputStream stream) {
      byte[] chunk = new byte[4 << 10];
      try (stream) {
        for (int count = stream.read(chunk); count >= 0; count = stream.read(chunk)) {
          keep(chunk, count);
        }
      } catch (IOException killed) {
        keep(new byte[] {'\n'}, 1);
      }
    }

    private synchronized void keep(byte[] chunk, int count) {
      for (int n = 0; n < count; n++) {
        last[(int) (written++ % OUTPUT_BYTES)] = chunk[n];
      }
    }

    /** Foreign text must not move a terminal's cursor. */
    String text() throws InterruptedException {
      thread.join(Duration.ofMillis(GRACE_MS));
      synchronized (this) {
        int length = (int) Math.min(written, OUTPUT_BYTES);
        byte[] text = new byte[length];
        for (int n = 0; n < length; n++) {
          text[n] = last[(int) ((written - length + n) % OUTPUT_BYTES)];
        }
        return new String(text, StandardCharsets.UTF_8)
            .replaceAll("\u001b\\[[0-9;]*[A-Za-z]", "")
            .replaceAll("[\\p{Cntrl}&&[^\\n]]", "")
            .strip();
      }
    }
  }
}
