package dev.halcyon.verticles.clip;

import dev.halcyon.core.time.Clock;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the windows of all open clips on one platform thread and hands each on when it can be
 * played, and when it closes. It looks every {@value #LOOK_EVERY_MS} ms while a window is open and
 * sleeps while none is.
 */
final class ClipCloser implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ClipCloser.class);

  /** Adds half of this, on average, to the time from a window's close to its clip. */
  private static final long LOOK_EVERY_MS = 4;

  private final Queue<OpenClip> open = new ConcurrentLinkedQueue<>();
  private final Listener listener;
  private final Clock clock;
  private final Thread thread;
  private volatile boolean isStopped;

  /** Called on the closer's thread; must not block. */
  interface Listener {
    void onPlayable(OpenClip clip);

    /** After {@link #onPlayable}, if that comes at all. */
    void onClosed(OpenClip clip);
  }

  ClipCloser(Listener listener, Clock clock) {
    this.listener = listener;
    this.clock = clock;
    this.thread = Thread.ofPlatform().daemon().name("clip-closer").start(this::run);
  }

  void add(OpenClip clip) {
    open.add(clip);
    LockSupport.unpark(thread);
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

  /** Windows that close come first: a look for a first picture takes longer. */
  private void look() {
    for (Iterator<OpenClip> each = open.iterator(); each.hasNext(); ) {
      OpenClip clip = each.next();
      try {
        if (clip.isAbandoned()) {
          each.remove();
        } else if (clip.close(clock.wallUs())) {
          each.remove();
          lookForPictures(clip);
          listener.onClosed(clip);
        }
      } catch (RuntimeException | Error failure) {
        log.error("cannot watch a clip's window [clip={}]", clip.clip().id(), failure);
      }
    }
    open.forEach(this::lookForPictures);
  }

  /** All clips of the node hang on this thread: what one of them throws is not the others' end. */
  private void lookForPictures(OpenClip clip) {
    try {
      if (clip.becomesPlayable(clock.nanoTime())) {
        listener.onPlayable(clip);
      }
    } catch (RuntimeException | Error failure) {
      log.error("cannot look into a clip's window [clip={}]", clip.clip().id(), failure);
    }
  }

  @Override
  public void close() {
    isStopped = true;
    LockSupport.unpark(thread);
  }
}
