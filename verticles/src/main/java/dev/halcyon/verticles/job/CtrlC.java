package dev.halcyon.verticles.job;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What Ctrl-C does while a command works: what runs is ended, the state kept, and then the program
 * ends. Any thread.
 */
final class CtrlC implements AutoCloseable {
  private static final long STOP_WAIT_S = 15;

  private final Path target;
  private final CountDownLatch ended = new CountDownLatch(1);
  private Runnable stop = () -> {};
  private boolean isPressed;

  private CtrlC(Path target) {
    this.target = target;
  }

  /**
   * @param target where what is done is kept
   */
  static CtrlC install(Path target) {
    CtrlC ctrlC = new CtrlC(target);
    Thread hook = Thread.ofPlatform().name("stop").unstarted(ctrlC::press);
    Runtime.getRuntime().addShutdownHook(hook);
    return ctrlC;
  }

  /** From now on this is what runs; what ran before is over. */
  synchronized void stops(Runnable what) {
    stop = what;
    if (isPressed) {
      what.run();
    }
  }

  private void press() {
    if (ended.getCount() == 0) {
      return;
    }
    synchronized (this) {
      isPressed = true;
      stop.run();
    }
    try {
      if (ended.await(STOP_WAIT_S, TimeUnit.SECONDS)) {
        System.err.println();
        System.err.println(
            "halcyon: stopped; what is done is kept in " + target + ", the same command goes on");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** The command is over. */
  @Override
  public void close() {
    ended.countDown();
  }
}
