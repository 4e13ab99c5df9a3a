package dev.halcyon.verticles.fetch;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends work that blocks: what it has open is closed under it. Any thread. */
public final class Cancellation {
  private static final Logger log = LoggerFactory.getLogger(Cancellation.class);

  private final CountDownLatch cancelled = new CountDownLatch(1);
  private final Set<Closeable> open = new HashSet<>();

  /** Ends the work as soon as it can; also work that has not begun. */
  public synchronized void cancel() {
    cancelled.countDown();
    open.forEach(Cancellation::close);
    open.clear();
  }

  public boolean isCancelled() {
    return cancelled.getCount() == 0;
  }

  /**
   * @throws HalcyonException CANCELLED
   */
  public void requireNotCancelled() {
    if (isCancelled()) {
      throw new HalcyonException(ErrorCode.CANCELLED, "stopped");
    }
  }

  /**
   * Waits, unless it is or becomes cancelled.
   *
   * @throws HalcyonException CANCELLED
   */
  public void await(Duration wait) {
    try {
      if (cancelled.await(wait.toNanos(), TimeUnit.NANOSECONDS)) {
        requireNotCancelled();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new HalcyonException(ErrorCode.CANCELLED, "stopped", interrupted);
    }
  }

  /** Has something closed when this is cancelled; at once when it is already. */
  synchronized void closes(Closeable resource) {
    if (isCancelled()) {
      close(resource);
    } else {
      open.add(resource);
    }
  }

  /** It is over with in order. */
  synchronized void forget(Closeable resource) {
    open.remove(resource);
  }

  private static void close(Closeable resource) {
    try {
      resource.close();
    } catch (IOException failure) {
      log.debug("closed with a failure: {}", failure.getMessage());
    }
  }
}
