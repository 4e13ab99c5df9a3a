package dev.halcyon.verticles.ingest.pull;

import dev.halcyon.core.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the time of a run that could be read faster than it plays. One thread. */
final class Pacer {
  private static final Logger log = LoggerFactory.getLogger(Pacer.class);

  /** Tracks are never as far apart in a file: its stamps have stepped, or reading was held up. */
  private static final long MAX_OFF_US = 10_000_000;

  private final Clock real;
  private final Consumer<Duration> wait;
  private boolean isAnchored;
  private long anchorNs;
  private long anchorDtsUs;

  /**
   * @param wait blocks for so long
   */
  Pacer(Clock real, Consumer<Duration> wait) {
    this.real = real;
    this.wait = wait;
  }

  /** Blocks until a packet of this time is to be taken. */
  void await(long dtsUs) {
    long nowNs = real.nanoTime();
    long aheadUs = dtsUs - anchorDtsUs - (nowNs - anchorNs) / 1_000;
    if (!isAnchored || Math.abs(aheadUs) > MAX_OFF_US) {
      if (isAnchored) {
        log.debug("time goes on from here [aheadUs={}]", aheadUs);
      }
      isAnchored = true;
      anchorNs = nowNs;
      anchorDtsUs = dtsUs;
    } else if (aheadUs > 0) {
      wait.accept(Duration.of(aheadUs, ChronoUnit.MICROS));
    }
  }
}
