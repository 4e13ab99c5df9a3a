package dev.halcyon.codecs.mux;

import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOInterruptCB;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;

/**
 * Lets FFmpeg's blocking input and output be stopped: by any thread, or when a deadline passes.
 * FFmpeg asks on its own thread about ten times a second while it waits. Closed after the context
 * that it was attached to.
 */
final class NativeInterrupt implements AutoCloseable {
  /** One for all: JavaCPP gives a class ten callbacks at most. FFmpeg holds its address. */
  private static final Asked ASKED = new Asked();

  /** A {@code System.nanoTime()}; what FFmpeg hands back to the callback. */
  private final LongPointer deadlineNs = new LongPointer(1);

  private volatile boolean isStopped;
  private boolean isClosed;

  /** Ends what blocks now, and all that is begun after, with {@code AVERROR_EXIT}. Any thread. */
  synchronized void stop() {
    isStopped = true;
    if (!isClosed) {
      deadlineNs.put(System.nanoTime() - 1);
    }
  }

  boolean isStopped() {
    return isStopped;
  }

  /** Gives what follows on this thread so long. */
  synchronized void allow(long timeoutNs) {
    if (!isStopped && !isClosed) {
      deadlineNs.put(System.nanoTime() + timeoutNs);
    }
  }

  void attach(AVFormatContext context) {
    attach(context.interrupt_callback());
  }

  private void attach(AVIOInterruptCB interrupt) {
    interrupt.callback(ASKED);
    interrupt.opaque(deadlineNs);
  }

  @Override
  public synchronized void close() {
    if (!isClosed) {
      isClosed = true;
      deadlineNs.close();
    }
  }

  private static final class Asked extends AVIOInterruptCB.Callback_Pointer {
    @Override
    public int call(Pointer opaque) {
      return System.nanoTime() - new LongPointer(opaque).get() >= 0 ? 1 : 0;
    }
  }
}
