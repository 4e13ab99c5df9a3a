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

  private long stopNs = Long.MAX_VALUE;
  private boolean isStopped;
  private boolean isClosed;

  NativeInterrupt() {
    deadlineNs.put(System.nanoTime());
  }

  /**
   * Ends what blocks {@code graceNs} from now, and all that is begun after, with {@code
   * AVERROR_EXIT}. Any thread; also after {@link #close}.
   */
  synchronized void stop(long graceNs) {
    long atNs = System.nanoTime() + graceNs;
    stopNs = isStopped ? Math.min(stopNs, atNs) : atNs;
    isStopped = true;
    if (!isClosed) {
      deadlineNs.put(Math.min(deadlineNs.get(), stopNs));
    }
  }

  /** Gives what follows so long, but not beyond a stop. */
  synchronized void allow(long timeoutNs) {
    long atNs = System.nanoTime() + timeoutNs;
    if (!isClosed) {
      deadlineNs.put(isStopped ? Math.min(stopNs, atNs) : atNs);
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
