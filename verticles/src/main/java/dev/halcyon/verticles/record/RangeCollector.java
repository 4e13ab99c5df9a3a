package dev.halcyon.verticles.record;

import dev.halcyon.codecs.session.ClosedRange;
import dev.halcyon.codecs.session.RangePacket;
import dev.halcyon.codecs.session.RecordedEnd;
import dev.halcyon.codecs.session.Seam;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Track;
import dev.halcyon.core.time.Clock;
import dev.halcyon.core.time.EpochEnd;
import dev.halcyon.ring.Ring;
import dev.halcyon.ring.RingCursor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Reads a ring by a cursor and tells its ranges as they close: a GOP when the next one begins, a
 * couple of seconds of sound where there are no pictures, and what is left once nothing comes any
 * more. Reads no payload. One thread at a time; closed by whoever made it, before the ring.
 */
final class RangeCollector implements AutoCloseable {
  /** A GOP that is longer than this, or larger, becomes several ranges. */
  private static final long MAX_LENGTH_US = TimeUnit.SECONDS.toMicros(10);

  private static final long MAX_BYTES = 32L << 20;
  private static final long SOUND_LENGTH_US = TimeUnit.SECONDS.toMicros(2);

  /** When nothing came for so long, what is there is closed. */
  private static final long QUIET_NS = TimeUnit.SECONDS.toNanos(2);

  private final Ring ring;
  private final RingCursor cursor;
  private final List<RangePacket> packets = new ArrayList<>();

  private final RecordedEnd recorded;
  private final Clock clock;
  private Epoch epoch = new Epoch(-1, 0, 0);
  private final EpochEnd end = new EpochEnd();
  private List<Track> tracks = List.of();
  private Seam nextSeam;
  private boolean mustStartAtKeyframe;
  private boolean isEnded;
  private long bytes;
  private long arrivalUs;
  private long missedUs;
  private long lastPacketNs;

  /** The epoch in force, with a stream time and the wall clock that was read then. */
  record Epoch(int number, long anchorStreamUs, long anchorWallUs) {}

  /** A range with what is in force in it. */
  record Closed(ClosedRange range, Epoch epoch, List<Track> tracks) {
    Closed {
      tracks = List.copyOf(tracks);
    }

    long fromUs() {
      return range.packets().stream().mapToLong(RangePacket::ptsUs).min().orElseThrow();
    }

    long toUs() {
      return range.packets().stream()
          .mapToLong(packet -> packet.ptsUs() + packet.durationUs())
          .max()
          .orElseThrow();
    }
  }

  /**
   * Goes on behind what is recorded already, as far as the ring still holds it.
   *
   * @param recorded what is not to be told again
   * @param seam how the first range joins it, should the ring not hold the end of it any more
   */
  RangeCollector(Ring ring, RecordedEnd recorded, Seam seam, Clock clock) {
    this.ring = ring;
    this.clock = clock;
    this.lastPacketNs = clock.nanoTime();
    this.cursor = ring.cursor();
    this.recorded = recorded;
    this.nextSeam = seam;
    this.mustStartAtKeyframe = seam.isLoss();
    ring.index().keyframePositionAtOrBefore(recorded.resumeUs()).ifPresent(cursor::seek);
  }

  /**
   * Reads on until a range closes.
   *
   * @param deadlineNs on {@code System.nanoTime}, to give others a turn
   * @return empty when none has closed by then, or none does for now
   */
  Optional<Closed> next(long deadlineNs) {
    Optional<Closed> closed = Optional.empty();
    while (closed.isEmpty() && !isEnded && clock.nanoTime() - deadlineNs < 0) {
      switch (step()) {
        case PACKET -> closed = onPacket();
        case CONFIGURATION -> closed = onConfiguration(cursor.trackConfiguration());
        case EPOCH -> closed = onEpoch();
        case OVERRUN -> {
          closed = closed();
          missedUs += cursor.missedUs();
          lost(Seam.LAGGED);
        }
        case NOTHING_YET -> {
          return clock.nanoTime() - lastPacketNs > QUIET_NS ? rest() : Optional.empty();
        }
        case CLOSED -> isEnded = true;
      }
    }
    return closed;
  }

  /** What is left, whether its range has closed or not; as far as is known nothing follows. */
  Optional<Closed> rest() {
    tracks.forEach(track -> endLast(track.index()));
    return closed();
  }

  /** The ring holds the last picture to its end, too. */
  private void endLast(int track) {
    packets.stream()
        .filter(packet -> packet.track() == track)
        .max(Comparator.comparingLong(RangePacket::ptsUs))
        .filter(last -> last.durationUs() == 0)
        .ifPresent(last -> packets.set(packets.indexOf(last), last.lasting(end.lengthUs(track))));
  }

  private RingCursor.Next step() {
    try {
      return cursor.next();
    } catch (HalcyonException failure) {
      if (failure.code() != ErrorCode.RING_CORRUPT) {
        throw failure;
      }
      lost(Seam.DAMAGED);
      cursor.seek(ring.committedPosition());
      return RingCursor.Next.NOTHING_YET;
    }
  }

  /**
   * What was told last, or what follows, is not recorded: the next range says so, and begins where
   * decoding can.
   */
  void lost(Seam why) {
    // That the ring had moved on is what follows of the other reasons.
    if (!nextSeam.isLoss() || nextSeam == Seam.LAGGED) {
      nextSeam = why;
    }
    mustStartAtKeyframe = true;
  }

  /** Stream time that the ring had dropped before it was read, since the last call. */
  long takeMissedUs() {
    long taken = missedUs;
    missedUs = 0;
    return taken;
  }

  boolean hasEnded() {
    return isEnded;
  }

  private Optional<Closed> onEpoch() {
    if (cursor.epoch() == epoch.number()) {
      return Optional.empty();
    }
    Optional<Closed> before = rest();
    end.forget();
    epoch = new Epoch(cursor.epoch(), cursor.anchorStreamUs(), cursor.anchorWallUs());
    tracks = List.of();
    return before;
  }

  private Optional<Closed> onConfiguration(Track track) {
    if (tracks.contains(track)) {
      return Optional.empty();
    }
    Optional<Closed> before = closed();
    List<Track> next = new ArrayList<>(tracks);
    next.removeIf(old -> old.index() == track.index());
    next.add(track);
    next.sort(Comparator.comparing((Track each) -> !each.isVideo()).thenComparing(Track::index));
    tracks = List.copyOf(next);
    return before;
  }

  private Optional<Closed> onPacket() {
    lastPacketNs = clock.nanoTime();
    end.onPacket(cursor.track(), cursor.ptsUs(), cursor.dtsUs(), cursor.durationUs());
    if (recorded.has(cursor.epoch(), cursor.track(), cursor.dtsUs())) {
      // The ring still holds the end of what is recorded: nothing is missing.
      nextSeam = Seam.CONTINUOUS;
      mustStartAtKeyframe = false;
      return Optional.empty();
    }
    if (mustStartAtKeyframe && !isStart()) {
      return Optional.empty();
    }
    mustStartAtKeyframe = false;
    Optional<Closed> before = isEndOfRange() ? closed() : Optional.empty();
    add();
    return before;
  }

  private boolean isStart() {
    return tracks.stream().noneMatch(Track::isVideo)
        || (cursor.isKeyframe() && cursor.track() == tracks.getFirst().index());
  }

  private boolean isEndOfRange() {
    if (packets.isEmpty()) {
      return false;
    }
    boolean hasPictures = tracks.getFirst().isVideo();
    long lengthUs = cursor.dtsUs() - packets.getFirst().dtsUs();
    return (hasPictures && isStart())
        || lengthUs >= (hasPictures ? MAX_LENGTH_US : SOUND_LENGTH_US)
        || bytes + cursor.payloadLength() > MAX_BYTES
        || packets.size() == ClosedRange.MAX_PACKETS;
  }

  private void add() {
    if (packets.isEmpty()) {
      arrivalUs = cursor.arrivalUs();
    }
    bytes += cursor.payloadLength();
    packets.add(
        new RangePacket(
            cursor.track(),
            cursor.isKeyframe(),
            packets.size(),
            cursor.ptsUs(),
            cursor.dtsUs(),
            cursor.durationUs(),
            cursor.payloadLength(),
            cursor.position()));
  }

  private Optional<Closed> closed() {
    if (packets.isEmpty()) {
      return Optional.empty();
    }
    RangePacket first = packets.getFirst();
    Track leader = tracks.getFirst();
    boolean isStart = !leader.isVideo() || (first.isKeyframe() && first.track() == leader.index());
    Closed closed =
        new Closed(new ClosedRange(packets, isStart, nextSeam, arrivalUs), epoch, tracks);
    packets.clear();
    bytes = 0;
    nextSeam = Seam.CONTINUOUS;
    return Optional.of(closed);
  }

  @Override
  public void close() {
    cursor.close();
  }
}
