package dev.halcyon.codecs.analyse;

import dev.halcyon.codecs.av.FrameHandle;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Supplier;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * A thread of its own that looks at decoded pictures in the order in which they are given, while
 * whoever gives them goes on decoding. Pictures are referred to, not copied; when as many as are
 * allowed wait, the giver waits too. So what is seen does not depend on how fast anybody is.
 *
 * <p>{@link #give}, {@link #finish} and {@link #close} are for one thread, which owns the lane.
 *
 * @param <T> what goes along with a picture
 */
final class PictureLane<T> implements AutoCloseable {
  /** Made, used and closed on the lane's thread. */
  interface Viewer<T> extends AutoCloseable {
    /**
     * @param picture lent for the call
     */
    void onPicture(AVFrame picture, T note);

    @Override
    void close();
  }

  /** A picture that waits; the last thing that waits has none. */
  private record Waiting<T>(FrameHandle frame, T note) {}

  private final List<FrameHandle> frames = new ArrayList<>();
  private final BlockingQueue<FrameHandle> free;
  private final BlockingQueue<Waiting<T>> waiting;
  private final Thread thread;
  private volatile boolean isAbandoned;
  private volatile RuntimeException failure;
  private boolean isEnded;

  /** Of the lane's thread: it has come to the end. */
  private boolean isOver;

  /** Written by the lane's thread, read once that has ended. */
  private long cpuNs;

  /**
   * @param pictures that may wait or be looked at
   * @param viewer makes the one who looks, at once, on the lane's thread
   */
  PictureLane(String name, int pictures, Supplier<? extends Viewer<T>> viewer) {
    free = new ArrayBlockingQueue<>(pictures);
    waiting = new ArrayBlockingQueue<>(pictures + 1); // and the end
    try {
      for (int i = 0; i < pictures; i++) {
        FrameHandle frame = new FrameHandle();
        frames.add(frame);
        free.add(frame);
      }
    } catch (RuntimeException failed) {
      frames.forEach(FrameHandle::close);
      throw failed;
    }
    thread = Thread.ofPlatform().daemon().name(name).start(() -> run(viewer));
  }

  /**
   * Has a picture looked at; waits while too many others do.
   *
   * @param picture lent for the call
   * @throws HalcyonException CANCELLED when interrupted
   * @throws RuntimeException what looking at one of the pictures before failed of
   */
  void give(AVFrame picture, T note) {
    requireNoFailure();
    try {
      FrameHandle frame = free.take();
      try {
        frame.refer(picture);
      } catch (RuntimeException failed) {
        free.add(frame);
        throw failed;
      }
      waiting.add(new Waiting<>(frame, note));
    } catch (InterruptedException interrupted) {
      throw cancelled();
    }
  }

  /**
   * Waits until all that was given was looked at; then everything that was seen may be read.
   *
   * @throws HalcyonException CANCELLED when interrupted
   * @throws RuntimeException what looking failed of
   */
  void finish() {
    end();
    try {
      thread.join();
    } catch (InterruptedException interrupted) {
      throw cancelled();
    }
    requireNoFailure();
  }

  /** Of the lane's thread, once it has finished. */
  long cpuNs() {
    return cpuNs;
  }

  private void end() {
    if (!isEnded) {
      isEnded = true;
      waiting.add(new Waiting<>(null, null));
    }
  }

  private void requireNoFailure() {
    if (failure != null) {
      throw failure;
    }
  }

  private static HalcyonException cancelled() {
    Thread.currentThread().interrupt();
    return new HalcyonException(ErrorCode.CANCELLED, "the analysis was stopped");
  }

  private void run(Supplier<? extends Viewer<T>> maker) {
    try (Viewer<T> viewer = maker.get()) {
      look(viewer);
    } catch (RuntimeException failed) {
      failure = failed;
    } catch (Error failed) {
      failure = new IllegalStateException("pictures cannot be looked at", failed);
    }
    passOver();
    cpuNs = CpuTime.ofThisThreadNs();
  }

  /** Until the end is given, or looking fails. */
  private void look(Viewer<T> viewer) {
    for (Waiting<T> next = next(); next.frame() != null; next = next()) {
      try {
        if (!isAbandoned) {
          viewer.onPicture(next.frame().pointer(), next.note());
        }
      } finally {
        giveBack(next.frame());
      }
    }
    isOver = true;
  }

  /** After a failure whoever gives pictures must not wait for ever. */
  private void passOver() {
    while (!isOver) {
      FrameHandle frame = next().frame();
      if (frame == null) {
        isOver = true;
      } else {
        giveBack(frame);
      }
    }
  }

  private Waiting<T> next() {
    try {
      return waiting.take();
    } catch (InterruptedException stranger) {
      throw new IllegalStateException("nobody interrupts this thread", stranger);
    }
  }

  private void giveBack(FrameHandle frame) {
    frame.unref();
    free.add(frame);
  }

  /** Ends the thread without looking at what still waits, and frees the pictures. */
  @Override
  public void close() {
    isAbandoned = true;
    end();
    boolean isInterrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException interrupted) {
        isInterrupted = true;
      }
    }
    frames.forEach(FrameHandle::close);
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
