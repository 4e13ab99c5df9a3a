package dev.halcyon.verticles.api;

import dev.halcyon.core.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** The real clocks, moved on by tests. */
public final class TestClock implements Clock {
  private final AtomicLong aheadUs = new AtomicLong();

  public void advance(Duration by) {
    aheadUs.addAndGet(by.toNanos() / 1_000);
  }

  @Override
  public long wallUs() {
    return Clock.system().wallUs() + aheadUs.get();
  }

  @Override
  public long nanoTime() {
    return Clock.system().nanoTime() + aheadUs.get() * 1_000;
  }
}
