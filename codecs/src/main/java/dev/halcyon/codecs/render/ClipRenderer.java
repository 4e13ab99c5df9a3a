package dev.halcyon.codecs.render;

import dev.halcyon.codecs.render.RenderListener.Progress;
import dev.halcyon.core.error.DiskFailure;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.render.ChunkPlan;
import dev.halcyon.core.render.RenderChunk;
import dev.halcyon.core.render.RenderSpec;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;

/**
 * Renders clips from specs: exact cut, frame, captions, loudness, H.264 and AAC in MP4. Pictures
 * are rendered as chunks, several at a time, each from one pass over its stretch of the source;
 * chunks and sound that are in the folder already are taken from there. Any thread; a call blocks
 * until the file is whole, and ends within half a second when its thread is interrupted.
 */
public final class ClipRenderer {
  /** Another process may trim a folder that is in use. */
  private static final int MAX_ATTEMPTS = 3;

  /** With less, what failed is taken to have failed for that. */
  private static final long LEAST_ROOM_BYTES = 1 << 20;

  private final int threads;

  /**
   * @param threads that render pictures at once, at most; the sound has one more
   */
  public ClipRenderer(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("no threads [threads=" + threads + "]");
    }
    this.threads = threads;
  }

  /** As many threads as there are processors, or as there is memory for. */
  public ClipRenderer() {
    this(Runtime.getRuntime().availableProcessors());
  }

  /**
   * @param source the file with the content that the spec names; that is not checked here
   * @param target replaced when the new file is whole; untouched on failure
   * @throws HalcyonException CANCELLED when interrupted, CORRUPT_MEDIA, UNSUPPORTED_MEDIA,
   *     INSUFFICIENT_STORAGE, IO_FAILED
   */
  public RenderResult render(
      RenderSpec spec, Path source, Path target, ChunkFolder folder, RenderListener listener) {
    ChunkPlan plan = ChunkPlan.of(spec);
    int encoded = 0;
    AtomicReference<SoundCheck> measured = new AtomicReference<>();
    try {
      for (int attempt = 1; ; attempt++) {
        encoded += fill(plan, source, folder, listener, measured);
        try (RenderedMovie movie = new RenderedMovie(plan, folder)) {
          RenderResult result = finish(movie, plan, target, encoded, measured.get());
          listener.onProgress(new Progress(result.frames(), result.frames()));
          folder.trim();
          return result;
        } catch (NoSuchFileException trimmed) {
          if (attempt == MAX_ATTEMPTS) {
            throw trimmed;
          }
        }
      }
    } catch (IOException e) {
      throw failure(e, target);
    }
  }

  private static HalcyonException failure(IOException e, Path target) {
    if (e instanceof ClosedByInterruptException) {
      return new HalcyonException(ErrorCode.CANCELLED, "the render was stopped", e);
    }
    try {
      Path parent = target.toAbsolutePath().getParent();
      // What was half written is gone again, and its room is free: what the system said counts.
      if (DiskFailure.codeOf(e) == ErrorCode.INSUFFICIENT_STORAGE
          || Files.getFileStore(parent).getUsableSpace() < LEAST_ROOM_BYTES) {
        return new HalcyonException(
            ErrorCode.INSUFFICIENT_STORAGE, "there is no room for the clip in " + parent, e);
      }
    } catch (IOException unknown) {
      e.addSuppressed(unknown);
    }
    return new HalcyonException(
        ErrorCode.IO_FAILED, "the clip could not be written: " + e.getMessage(), e);
  }

  /**
   * @param measured of the sound, when it was made just now; else null
   */
  private static RenderResult finish(
      RenderedMovie movie, ChunkPlan plan, Path target, int encoded, SoundCheck measured)
      throws IOException {
    OptionalDouble lufs = OptionalDouble.empty();
    OptionalDouble peak = OptionalDouble.empty();
    if (movie.sound().isPresent()) {
      SoundCheck check =
          measured != null ? measured : SoundCheck.of(movie.sound().get(), new Stop());
      lufs = check.integratedLufs();
      peak = lufs.isPresent() ? OptionalDouble.of(check.truePeakDbtp()) : peak;
    }
    String sha256 = movie.write(target);
    return new RenderResult(
        sha256,
        Files.size(target),
        plan.spec().lengthUs(),
        plan.spec().frames(),
        plan.chunks().size(),
        encoded,
        lufs,
        peak);
  }

  /** Renders what is not in the folder; returns how many chunks of pictures that were. */
  private int fill(
      ChunkPlan plan,
      Path source,
      ChunkFolder folder,
      RenderListener listener,
      AtomicReference<SoundCheck> measured)
      throws IOException {
    RenderSpec spec = plan.spec();
    List<RenderChunk> missing = new ArrayList<>();
    int found = 0;
    for (RenderChunk chunk : plan.chunks()) {
      if (folder.has(chunk.key())) {
        found += chunk.frames();
      } else if (missing.stream().noneMatch(other -> other.key().equals(chunk.key()))) {
        missing.add(chunk);
      }
    }
    Stop stop = new Stop();
    IntConsumer onFrames = counter(found, spec.frames(), listener);
    onFrames.accept(0);
    List<Callable<Integer>> work = new ArrayList<>();
    if (spec.source().soundStream().isPresent() && !folder.has(spec.soundKey())) {
      work.add(
          () -> {
            measured.set(new SoundMaster(spec, folder, stop).make(source));
            return 0;
          });
    }
    int most = Math.min(threads, missing.size());
    int workers = most < 2 ? most : RenderThreads.of(most, source, spec);
    ChunkQueue queue = new ChunkQueue(missing, workers);
    for (int i = 0; i < workers; i++) {
      work.add(new ChunkWorker(plan, source, folder, queue, i, stop, onFrames));
    }
    return work.isEmpty() ? 0 : run(work, stop);
  }

  private static IntConsumer counter(int found, int all, RenderListener listener) {
    int[] done = {found};
    Object lock = new Object();
    return more -> {
      synchronized (lock) {
        done[0] += more;
        listener.onProgress(new Progress(Math.min(done[0], all), all));
      }
    };
  }

  private static int run(List<Callable<Integer>> work, Stop stop) throws IOException {
    ExecutorService threads =
        Executors.newFixedThreadPool(
            work.size(), Thread.ofPlatform().name("render-", 0).daemon().factory());
    ExecutorCompletionService<Integer> done = new ExecutorCompletionService<>(threads);
    List<Future<Integer>> futures = new ArrayList<>();
    try {
      work.forEach(part -> futures.add(done.submit(part)));
      int chunks = 0;
      for (int i = 0; i < work.size(); i++) {
        chunks += done.take().get();
      }
      return chunks;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HalcyonException(ErrorCode.CANCELLED, "the render was stopped", e);
    } catch (ExecutionException e) {
      throw cause(e);
    } finally {
      stop.ask();
      // What they own is closed by themselves: all of it before this returns.
      threads.close();
    }
  }

  private static RuntimeException cause(ExecutionException e) throws IOException {
    switch (e.getCause()) {
      case IOException failure -> throw failure;
      case RuntimeException failure -> throw failure;
      case Error failure -> throw failure;
      default -> throw new IllegalStateException(e.getCause());
    }
  }
}
