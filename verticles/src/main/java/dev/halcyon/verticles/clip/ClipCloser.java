package dev.halcyon.verticles.clip;

import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the windows of all open clips on one platform thread and hands each on when it closes. It
 * looks every {@value #LOOK_EVERY_MS} ms while a window is open and sleeps while none is.
 */
final class ClipCloser implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ClipCloser.class);

  /** Adds half of this, on average, to the time from a window's close to its clip. */
  private static final long LOOK_EVERY_MS = 4;

  private final Queue<OpenClip> open = new ConcurrentLinkedQueue<>();
  private final Consumer<OpenClip> onClosed;
  private final Thread thread;
  private volatile boolean isStopped;

  /**
   * @param onClosed called on the closer's thread; must not block
   */
  ClipCloser(Consumer<OpenClip> onClosed) {
    this.onClosed = onClosed;
    this.thread = Thread.ofPlatform().daemon().name("clip-closer").start(this::run);
  }

  void add(OpenClip clip) {
    open.add(clip);
    LockSupport.unpark(thread);
  }

  Queue<OpenClip> open() {
    return open;
  }

  private void run() {
    while (!isStopped) {
      if (open.isEmpty()) {
        LockSupport.park(this);
      } else {
        look();
        LockSupport.parkNanos(this, LOOK_EVERY_MS * 1_000_000);
      }
    }
  }

  private void look() {
    for (Iterator<OpenClip> each = open.iterator(); each.hasNext(); ) {
      OpenClip clip = each.next();
      try {
        if (clip.isClosed()) {
          each.remove();
          onClosed.accept(clip);
        }
      } catch (RuntimeException failure) {
        log.error("cannot watch a clip's window [clip={}]", clip.clip().id(), failure);
      }
    }
  }

  @Override
  public void close() {
    isStopped = true;
    LockSupport.unpark(thread);
  }
}
