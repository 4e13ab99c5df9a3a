package dev.halcyon.verticles.record;

import dev.halcyon.codecs.session.Fragment;
import dev.halcyon.codecs.session.Seam;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Track;
import dev.halcyon.core.stream.RecordingHealth.State;
import dev.halcyon.core.time.Clock;
import dev.halcyon.ring.HeldRange;
import dev.halcyon.ring.Ring;
import dev.halcyon.verticles.record.RangeCollector.Closed;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records a stream: moves closed ranges from its ring into session files, in slices on the recorder
 * threads, one at a time. The ring's writer is never slowed: what the ring drops before it is
 * recorded is counted and stated. What cannot be written waits in the ring and is tried again.
 * Ended by {@link #finish}, before the ring is closed. Figures may be read in any thread.
 */
final class StreamRecorder {
  private static final Logger log = LoggerFactory.getLogger(StreamRecorder.class);

  private static final long SLICE_NS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long RETRY_NS = TimeUnit.SECONDS.toNanos(1);

  private final Ring ring;
  private final RangeCollector collector;
  private final SessionAppender appender;
  private final DiskRoom room;
  private final RecordTotals totals;
  private final Clock clock;
  private final Listener listener;

  private Optional<Closed> pending = Optional.empty();
  private List<Track> unsupported = List.of();
  private int lastEpoch;
  private long notBeforeNs;
  private boolean isFinished;

  private volatile State state = State.RECORDING;
  private volatile String reason = "";
  private volatile long recordedToUs;
  private final AtomicLong missedUs = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();

  /** What the stream's owner should know. Called on a recorder thread. */
  interface Listener {
    void onChange(State state, String reason);
  }

  /**
   * @param collector closed by {@link #finish}, as the appender is
   * @param lastEpoch the epoch of what is recorded so far …
   * @param recordedToUs … and the stream time of its end
   */
  StreamRecorder(
      Ring ring,
      RangeCollector collector,
      SessionAppender appender,
      int lastEpoch,
      long recordedToUs,
      DiskRoom room,
      RecordTotals totals,
      Clock clock,
      Listener listener) {
    this.ring = ring;
    this.collector = collector;
    this.appender = appender;
    this.lastEpoch = lastEpoch;
    this.recordedToUs = recordedToUs;
    this.room = room;
    this.totals = totals;
    this.clock = clock;
    this.notBeforeNs = clock.nanoTime();
    this.listener = listener;
  }

  /** Records what has closed, for as long as a slice. Never throws. */
  synchronized void work() {
    long nowNs = clock.nanoTime();
    if (isFinished || nowNs - notBeforeNs < 0) {
      return;
    }
    try {
      run(nowNs + SLICE_NS);
    } catch (RuntimeException | Error failure) {
      fail(failure);
      collector.lost(Seam.DAMAGED);
      pending = Optional.empty();
    }
  }

  private void run(long deadlineNs) {
    while (true) {
      if (pending.isEmpty()) {
        pending = collector.next(deadlineNs);
      }
      if (pending.isEmpty() || !isDone(pending.get())) {
        return;
      }
      pending = Optional.empty();
    }
  }

  /** Whether there is nothing more to do about a range: recorded, or lost. */
  private boolean isDone(Closed closed) {
    if (closed.tracks().equals(unsupported)) {
      drop(closed, Seam.DAMAGED);
      return true;
    }
    try (RingRange payloads = new RingRange(ring)) {
      if (!hasRoom(closed)) {
        pause();
        return false;
      }
      onRecorded(closed, appender.append(closed, payloads));
      return true;
    } catch (HalcyonException lost) {
      return isDropped(closed, lost);
    } catch (IOException failure) {
      appender.close();
      return isKept(closed, failure);
    }
  }

  private boolean hasRoom(Closed closed) throws IOException {
    long bytes = closed.range().packets().stream().mapToLong(each -> each.sizeBytes()).sum();
    return state == State.PAUSED ? room.hasAgain(bytes) : room.has(bytes);
  }

  private void pause() {
    notBeforeNs = clock.nanoTime() + RETRY_NS;
    change(State.PAUSED, room.lack());
  }

  /** The range waits in the ring. */
  private boolean isKept(Closed closed, IOException failure) {
    try {
      if (!hasRoom(closed)) {
        pause();
        return false;
      }
    } catch (IOException broken) {
      failure.addSuppressed(broken);
    }
    fail(failure);
    return false;
  }

  private void fail(Throwable failure) {
    notBeforeNs = clock.nanoTime() + RETRY_NS;
    failures.incrementAndGet();
    totals.failures.increment();
    if (state != State.FAILING) {
      log.error("recording failed, it is tried again", failure);
    }
    change(State.FAILING, "the disk cannot be written");
  }

  private boolean isDropped(Closed closed, HalcyonException why) {
    boolean isUnsupported =
        !appender.hasFile()
            && (why.code() == ErrorCode.UNSUPPORTED_MEDIA || why.code() == ErrorCode.CORRUPT_MEDIA);
    if (isUnsupported) {
      unsupported = closed.tracks();
      change(State.UNSUPPORTED, why.getMessage());
    } else if (why.code() != ErrorCode.RING_OVERRUN) {
      log.warn("a range was not recorded", why);
    }
    drop(closed, why.code() == ErrorCode.RING_OVERRUN ? reasonToLag() : Seam.DAMAGED);
    return true;
  }

  /** Why the ring could move on before a range was recorded. */
  private Seam reasonToLag() {
    return switch (state) {
      case PAUSED -> Seam.NO_SPACE;
      case FAILING, UNSUPPORTED -> Seam.DAMAGED;
      case RECORDING, OFF -> Seam.LAGGED;
    };
  }

  private void drop(Closed closed, Seam why) {
    Seam before = closed.range().seam();
    collector.lost(before.isLoss() && before != Seam.LAGGED ? before : why);
  }

  private void onRecorded(Closed closed, Fragment fragment) {
    boolean isSameEpoch = closed.epoch().number() == lastEpoch;
    long skippedUs = collector.takeMissedUs();
    if (fragment.seam().isLoss()) {
      long lostUs = isSameEpoch ? Math.max(0, fragment.fromUs() - recordedToUs) : skippedUs;
      missedUs.addAndGet(lostUs);
      totals.missedUs.add(lostUs);
    }
    totals.recordedUs.add(Math.max(0, fragment.toUs() - fragment.fromUs()));
    totals.recordedBytes.add(fragment.mediaBytes());
    lastEpoch = closed.epoch().number();
    recordedToUs = fragment.toUs();
    change(State.RECORDING, "");
  }

  private void change(State next, String why) {
    State before = state;
    state = next;
    reason = why;
    if (before != next) {
      listener.onChange(next, why);
    }
  }

  /** Records what is left, closes the file and lets go of the ring. Blocking. */
  synchronized void finish() {
    if (isFinished) {
      return;
    }
    isFinished = true;
    try {
      long deadlineNs = clock.nanoTime() + 10 * SLICE_NS;
      run(deadlineNs);
      if (pending.isEmpty()) {
        collector.rest().ifPresent(this::isDone);
      }
    } catch (RuntimeException failure) {
      log.error("the end of a recording was lost", failure);
    } finally {
      appender.close();
      collector.close();
    }
  }

  /** Ends the file, so that it can be deleted; recording goes on in another. */
  synchronized void endFile() {
    appender.close();
  }

  State state() {
    return state;
  }

  /** Why it does not record; empty when it does. */
  String reason() {
    return reason;
  }

  long missedUs() {
    return missedUs.get();
  }

  long failures() {
    return failures.get();
  }

  /** How far the recording is behind the ring's end, in stream time. */
  long lagUs() {
    try {
      List<HeldRange> held = ring.held();
      return held.isEmpty() ? 0 : Math.max(0, held.getLast().toUs() - recordedToUs);
    } catch (IllegalStateException closed) {
      return 0;
    }
  }
}
