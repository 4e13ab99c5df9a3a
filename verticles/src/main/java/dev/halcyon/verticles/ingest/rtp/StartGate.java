package dev.halcyon.verticles.ingest.rtp;

import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.TrackFormat;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/**
 * Holds back what the tracks of a publisher begin with until each has given something, or a moment
 * has passed: so the stream begins with what is earliest, and its tracks can be placed. One thread.
 */
final class StartGate {
  /** The others' progress in this time is all that a late track can delay. */
  static final long MAX_WAIT_NS = TimeUnit.MILLISECONDS.toNanos(300);

  private static final int MAX_BYTES = 8 << 20;
  private static final long NEVER = Long.MIN_VALUE;

  private final List<ArrayDeque<Held>> tracks = new ArrayList<>();
  private int heldBytes;
  private long firstNs = NEVER;

  /** What waits. */
  sealed interface Held {
    RtpTrack track();
  }

  record HeldFormat(RtpTrack track, TrackFormat format) implements Held {}

  record HeldUnit(
      RtpTrack track, boolean isKeyframe, boolean isSeam, long ptsUs, long dtsUs, Bytes unit)
      implements Held {}

  StartGate(int trackCount) {
    for (int i = 0; i < trackCount; i++) {
      tracks.add(new ArrayDeque<>());
    }
  }

  void hold(HeldFormat format) {
    tracks.get(format.track().index()).add(format);
  }

  void hold(
      RtpTrack track,
      boolean isKeyframe,
      boolean isSeam,
      long ptsUs,
      long dtsUs,
      ByteBuffer unit,
      long nowNs) {
    Bytes copy = Bytes.copyOf(unit);
    firstNs = firstNs == NEVER ? nowNs : firstNs;
    heldBytes += copy.length();
    tracks.get(track.index()).add(new HeldUnit(track, isKeyframe, isSeam, ptsUs, dtsUs, copy));
  }

  boolean mayOpen(long nowNs) {
    if (firstNs == NEVER) {
      return false;
    }
    return nowNs - firstNs >= MAX_WAIT_NS
        || heldBytes > MAX_BYTES
        || tracks.stream().allMatch(StartGate::hasUnit);
  }

  private static boolean hasUnit(ArrayDeque<Held> held) {
    return held.stream().anyMatch(HeldUnit.class::isInstance);
  }

  /** Tracks that have given something. */
  List<Integer> present() {
    List<Integer> present = new ArrayList<>();
    for (int i = 0; i < tracks.size(); i++) {
      if (hasUnit(tracks.get(i))) {
        present.add(i);
      }
    }
    return present;
  }

  /**
   * Takes out the next of what is held: a format at once, units by their dts.
   *
   * @param offsetUs of a track
   */
  Optional<Held> next(ToLongFunction<RtpTrack> offsetUs) {
    ArrayDeque<Held> earliest = null;
    long earliestUs = Long.MAX_VALUE;
    for (ArrayDeque<Held> held : tracks) {
      switch (held.peek()) {
        case null -> {}
        case HeldFormat format -> {
          return Optional.of(held.remove());
        }
        case HeldUnit unit -> {
          long dtsUs = unit.dtsUs() + offsetUs.applyAsLong(unit.track());
          if (dtsUs < earliestUs) {
            earliestUs = dtsUs;
            earliest = held;
          }
        }
      }
    }
    return earliest == null ? Optional.empty() : Optional.of(earliest.remove());
  }
}
