package dev.halcyon.verticles.ingest.pull;

import dev.halcyon.core.time.Clock;
import java.util.OptionalLong;

/**
 * When the packets of a source that gives them in bursts would have arrived, had each come when its
 * time was: so that stream time goes on across breaks without gaps that never were. Set and read on
 * the pull's thread.
 */
final class ArrivalClock implements Clock {
  /** Behind the real clock; then the source has paused, and is believed again from there on. */
  private static final long MAX_LATE_US = 30_000_000;

  /** What a source says of its time beyond this is not believed. */
  private static final long MAX_OFF_US = 86_400_000_000L;

  /** More than a live source gives at once; then its time has stepped. */
  private static final long MAX_AHEAD_US = 120_000_000;

  private final Clock real;
  private OptionalLong statedUs = OptionalLong.empty();
  private long leadUs;
  private boolean isAnchored;
  private long anchorWallUs;
  private long anchorDtsUs;
  private long anchoredAtUs;
  private long wallUs;

  ArrivalClock(Clock real) {
    this.real = real;
    this.wallUs = real.wallUs();
  }

  /** The next packet begins a run. */
  void begin(PullRun run) {
    boolean isSensible =
        run.wallUs().isPresent()
            && Math.abs(run.wallUs().getAsLong() - real.wallUs()) <= MAX_OFF_US;
    statedUs = isSensible ? run.wallUs() : OptionalLong.empty();
    leadUs = run.leadUs();
    isAnchored = false;
  }

  /** A packet of this time is handed over next. */
  void at(long dtsUs) {
    long nowUs = real.wallUs();
    if (!isAnchored) {
      isAnchored = true;
      wallUs = statedUs.orElse(nowUs - leadUs);
      anchor(wallUs, dtsUs, nowUs);
    }
    if (statedUs.isPresent()) {
      atStated(dtsUs, nowUs);
      return;
    }
    if (countedUs(dtsUs) < nowUs - MAX_LATE_US) {
      anchor(nowUs, dtsUs, nowUs);
    }
    wallUs = Math.max(wallUs, Math.min(countedUs(dtsUs), nowUs));
  }

  /** What a source states is counted on; where its packets' time steps, from where it was. */
  private void atStated(long dtsUs, long nowUs) {
    long aheadUs = dtsUs - anchorDtsUs - (nowUs - anchoredAtUs);
    if (aheadUs > MAX_AHEAD_US || countedUs(dtsUs) < wallUs - MAX_LATE_US) {
      anchor(wallUs, dtsUs, nowUs);
    }
    wallUs = Math.max(wallUs, Math.min(countedUs(dtsUs), nowUs + MAX_OFF_US));
  }

  private long countedUs(long dtsUs) {
    return anchorWallUs + dtsUs - anchorDtsUs;
  }

  private void anchor(long wallUs, long dtsUs, long nowUs) {
    anchorWallUs = wallUs;
    anchorDtsUs = dtsUs;
    anchoredAtUs = nowUs;
  }

  @Override
  public long wallUs() {
    return wallUs;
  }

  @Override
  public long nanoTime() {
    return real.nanoTime();
  }
}
