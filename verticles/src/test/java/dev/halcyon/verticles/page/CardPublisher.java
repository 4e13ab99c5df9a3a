package dev.halcyon.verticles.page;

import dev.halcyon.codecs.mux.LivePush;
import dev.halcyon.codecs.mux.Pace;
import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardSource;

/** Publishes a test card in real time, on a thread of its own, until closed. */
final class CardPublisher implements AutoCloseable {
  private static final long STOP_TIMEOUT_MS = 10_000;

  private final LivePush push;
  private final Thread thread;

  CardPublisher(String url, TestCard card) {
    push = new LivePush(url, Pace.REAL_TIME);
    thread = Thread.ofPlatform().name("card-publisher").start(() -> publish(card));
  }

  private void publish(TestCard card) {
    try (TestCardSource source = TestCardSource.endless(card)) {
      push.run(source);
    }
  }

  @Override
  public void close() {
    push.stop();
    try {
      thread.join(STOP_TIMEOUT_MS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      throw new IllegalStateException("the publisher does not stop");
    }
  }
}
