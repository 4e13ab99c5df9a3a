package dev.halcyon.verticles.stream.tap;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Track;
import dev.halcyon.core.media.TrackFormat;
import dev.halcyon.ring.HeldRange;
import dev.halcyon.ring.Ring;
import dev.halcyon.ring.RingCursor;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a ring from its live end by a cursor and measures one of its tracks, in slices that a
 * {@link TapScheduler} gives it. Never slows the ring's writer: what it is too slow for it misses,
 * counts, and goes on at the live end. Its figures may be read in any thread. Ended by {@link
 * #stop}, before the ring is closed.
 */
public abstract class Tap {
  private static final Logger log = LoggerFactory.getLogger(Tap.class);

  private static final long FIRST_BACK_OFF_NS = TimeUnit.SECONDS.toNanos(1);
  private static final long LONGEST_BACK_OFF_NS = TimeUnit.SECONDS.toNanos(30);

  private final Ring ring;
  private final RingCursor cursor;
  private final AtomicLong seenToUs = new AtomicLong();
  private final AtomicLong missedUs = new AtomicLong();
  private final AtomicLong processedCount = new AtomicLong();
  private final AtomicLong failureCount = new AtomicLong();
  private final AtomicLong corruptCount = new AtomicLong();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  private volatile TapScheduler scheduler;
  private volatile boolean isStopping;

  // Of the tap threads, one at a time.
  private int track = -1;
  private volatile boolean isAtEnd;
  private boolean isRingClosed;
  private long backOffNs;
  private long notBeforeNs;
  private volatile long readToPosition;

  Tap(Ring ring) {
    this.ring = ring;
    cursor = ring.cursor();
    goToLiveEnd();
    missedUs.set(0);
  }

  /** Whether this tap goes before others that are ready too. */
  abstract boolean isFirst();

  /** Whether this tap measures a track so configured. */
  abstract boolean isFor(Track candidate);

  /** The measured track is new, or its configuration changed. */
  abstract void onConfiguration(Track configured);

  /** Everything before has no bearing on what follows: another epoch, or a loss. */
  abstract void onBreak();

  /** Whether the packet at the cursor is of use; if not, its payload is not even copied. */
  abstract boolean isWanted(RingCursor packet);

  /**
   * Measures a packet of the track.
   *
   * @return how many packets the decoder could not decode so far
   */
  abstract long onPacket(RingCursor packet, PayloadBuffer payload);

  /** Frees all native objects; they are made anew when {@link #onPacket} needs them. */
  abstract void free();

  /** The track cannot be measured as it is coded now; its next configuration may be better. */
  final void refuse(TrackFormat format, HalcyonException why) {
    log.warn("track not measured [codec={}]: {}", format.codec(), why.getMessage());
    failureCount.incrementAndGet();
  }

  /** How far the tap is behind the ring's end, in stream time. */
  public final long lagUs() {
    try {
      return hasReadAll() ? 0 : Math.max(0, endUs() - seenToUs.get());
    } catch (IllegalStateException closed) {
      return 0;
    }
  }

  private boolean hasReadAll() {
    return isAtEnd && ring.committedPosition() == readToPosition;
  }

  private long endUs() {
    List<HeldRange> held = ring.held();
    return held.isEmpty() ? seenToUs.get() : held.getLast().toUs();
  }

  /** Stream time that the tap was too slow for, or that was damaged. */
  public final long missedUs() {
    return missedUs.get();
  }

  /** Packets measured. */
  public final long processedCount() {
    return processedCount.get();
  }

  /** How often the tap failed and was restarted, or refused a configuration. */
  public final long failureCount() {
    return failureCount.get();
  }

  /** Packets that could not be decoded, of the current configuration. */
  public final long corruptCount() {
    return corruptCount.get();
  }

  /**
   * Ends the tap. Does not block: its slice ends first, then a tap thread frees what it holds.
   *
   * @return completes on a tap thread when all is freed
   */
  public final CompletableFuture<Void> stop() {
    isStopping = true;
    TapScheduler running = scheduler;
    if (running == null) {
      end();
    } else {
      running.wake(this);
    }
    return ended;
  }

  final void bind(TapScheduler by) {
    scheduler = by;
  }

  final boolean isStopping() {
    return isStopping;
  }

  final boolean hasEnded() {
    return ended.isDone();
  }

  /** Whether a slice would do something now. */
  final boolean isReady(long nowNs) {
    if (isStopping) {
      return true;
    }
    if (isRingClosed || (notBeforeNs != 0 && nowNs - notBeforeNs < 0)) {
      return false;
    }
    try {
      return !hasReadAll();
    } catch (IllegalStateException closed) {
      return true; // the slice will see that
    }
  }

  /**
   * Works until nothing is left to read or the time is over. Never throws.
   *
   * @return whether there may be more to do at once
   */
  final boolean runSlice(PayloadBuffer payload, long deadlineNs) {
    try {
      isAtEnd = false;
      while (!isStopping && step(payload)) {
        if (System.nanoTime() - deadlineNs >= 0) {
          backOffNs = 0;
          return true;
        }
      }
      backOffNs = 0;
    } catch (RuntimeException | Error failure) {
      onFailure(failure);
    }
    return false;
  }

  /** Reads one record; false when there is none. */
  private boolean step(PayloadBuffer payload) {
    long committed = committed();
    switch (next()) {
      case PACKET -> onRecord(payload);
      case CONFIGURATION -> onTrack(cursor.trackConfiguration());
      case EPOCH -> {
        track = -1;
        onBreak();
      }
      case OVERRUN -> {
        goToLiveEnd();
        onBreak();
      }
      case NOTHING_YET -> {
        readToPosition = committed;
        isAtEnd = true;
        return false;
      }
      case CLOSED -> {
        isRingClosed = true;
        return false;
      }
    }
    return true;
  }

  private RingCursor.Next next() {
    try {
      return cursor.next();
    } catch (HalcyonException failure) {
      if (failure.code() != ErrorCode.RING_CORRUPT) {
        throw failure;
      }
      return RingCursor.Next.OVERRUN;
    }
  }

  private long committed() {
    try {
      return ring.committedPosition();
    } catch (IllegalStateException closed) {
      return readToPosition;
    }
  }

  private void onTrack(Track configured) {
    boolean isOurs = track < 0 ? isFor(configured) : track == configured.index();
    if (isOurs && isFor(configured)) {
      track = configured.index();
      onConfiguration(configured);
    }
  }

  private void onRecord(PayloadBuffer payload) {
    long endUs = cursor.ptsUs() + cursor.durationUs();
    if (cursor.track() == track && isWanted(cursor) && isCopied(payload)) {
      corruptCount.set(onPacket(cursor, payload));
      processedCount.incrementAndGet();
    }
    seenToUs.accumulateAndGet(endUs, Math::max);
  }

  private boolean isCopied(PayloadBuffer payload) {
    try {
      return payload.copyFrom(cursor);
    } catch (HalcyonException failure) {
      if (failure.code() != ErrorCode.RING_CORRUPT) {
        throw failure;
      }
      missedUs.addAndGet(cursor.durationUs());
      return false;
    }
  }

  private void goToLiveEnd() {
    try {
      cursor.seek(ring.committedPosition());
      long endUs = endUs();
      missedUs.addAndGet(Math.max(0, endUs - seenToUs.getAndSet(endUs)));
    } catch (IllegalStateException closed) {
      isRingClosed = true;
    }
  }

  private void onFailure(Throwable failure) {
    backOffNs = backOffNs == 0 ? FIRST_BACK_OFF_NS : Math.min(2 * backOffNs, LONGEST_BACK_OFF_NS);
    notBeforeNs = System.nanoTime() + backOffNs;
    long count = failureCount.incrementAndGet();
    log.warn(
        "tap failed, goes on in {} ms [failures={}]",
        TimeUnit.NANOSECONDS.toMillis(backOffNs),
        count,
        failure);
    free();
  }

  /** Frees everything. On a tap thread, unless the tap was never scheduled. */
  final void end() {
    try {
      free();
      cursor.close();
      ended.complete(null);
    } catch (RuntimeException failure) {
      ended.completeExceptionally(failure);
    }
  }
}
