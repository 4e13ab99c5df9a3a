package dev.halcyon.core.cut;

import dev.halcyon.core.media.TrackFormat;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One track of a {@link GrowingCut}: packets go in as they come and samples come out once it is
 * known how long they last. Not thread-safe.
 */
public abstract sealed class GrowingTrack permits GrowingPictures, GrowingSound {
  private final int index;
  private final List<TrackFormat> formats;
  private final int timescaleHz;
  private final long lateUs;
  private final long mediaTicks;
  private final Deque<PacketStamp> waiting = new ArrayDeque<>();
  private boolean hasEnded;

  GrowingTrack(TrackCut cut) {
    this.index = cut.index();
    this.formats = cut.formats();
    this.timescaleHz = cut.timescaleHz();
    this.lateUs =
        cut.edits().stream().filter(CutEdit::isEmpty).mapToLong(CutEdit::durationUs).sum();
    this.mediaTicks = cut.edits().getLast().mediaTicks();
  }

  /** The track's index in its epoch. */
  public int index() {
    return index;
  }

  public List<TrackFormat> formats() {
    return formats;
  }

  public int timescaleHz() {
    return timescaleHz;
  }

  public boolean isVideo() {
    return formats.getFirst().codec().isVideo();
  }

  /**
   * What {@link PacketStamp#formatIndex()} must be of a packet with this format; empty for none. A
   * configuration of pictures that the file's head lacks goes by the name of its first: parameter
   * sets in front of keyframes tell decoders of it.
   */
  public OptionalInt indexOf(TrackFormat format) {
    int found = formats.lastIndexOf(format);
    if (found >= 0) {
      return OptionalInt.of(found);
    }
    return isVideo() && goesOnWith(format) ? OptionalInt.of(0) : OptionalInt.empty();
  }

  /** Whether players go on from the track's formats to this one. */
  boolean goesOnWith(TrackFormat format) {
    return Piece.isAlike(formats.getLast(), format);
  }

  /**
   * The edit list of a clip that may become so long.
   *
   * @param longestUs more than the track is late by
   */
  public List<CutEdit> edits(long longestUs) {
    List<CutEdit> edits = new ArrayList<>(2);
    if (lateUs > 0) {
      edits.add(CutEdit.nothing(lateUs));
    }
    edits.add(new CutEdit(Math.max(1, longestUs - lateUs), mediaTicks));
    return edits;
  }

  /** Ticks on the track's own time line at the clip's time 0, or where its media begins later. */
  public long mediaTicks() {
    return mediaTicks;
  }

  /** How much later than the clip its media begins. */
  public long lateUs() {
    return lateUs;
  }

  /** Where in the clip the sample that is taken next is decoded; below 0 before its start. */
  public long nextUs() {
    return lateUs + AudioTimeline.micros(nextTicks() - mediaTicks, timescaleHz);
  }

  /** Whether decoding may begin with the sample that is taken next. */
  public boolean isNextKeyframe() {
    return !waiting.isEmpty() && waiting.peek().isKeyframe();
  }

  /**
   * How long the sample that is taken next lasts by what has come behind it; 0 while nothing has,
   * and where silence follows it.
   */
  public long nextLengthUs() {
    if (waiting.size() < 2) {
      return 0;
    }
    Iterator<PacketStamp> each = waiting.iterator();
    long firstUs = each.next().dtsUs();
    return each.next().dtsUs() - firstUs;
  }

  /** Where in the clip the first sample that comes next is presented. */
  public long nextPresentedUs() {
    long leadUs = waiting.isEmpty() ? 0 : waiting.peek().ptsUs() - waiting.peek().dtsUs();
    return nextUs() + (isVideo() ? leadUs : 0);
  }

  /** The next packet in decoding order. */
  public void add(PacketStamp packet) {
    waiting.add(packet);
  }

  /** Packets whose samples were not taken yet. */
  public int waiting() {
    return waiting.size();
  }

  /** The format of the sample that is taken next. */
  public OptionalInt nextFormatIndex() {
    return waiting.isEmpty() ? OptionalInt.empty() : OptionalInt.of(waiting.peek().formatIndex());
  }

  /**
   * Takes the next sample; empty while none is certain, or when all are taken.
   *
   * @param toUs end of the window, exclusive; may grow
   * @param isOver whether no packet follows and {@code toUs} is final
   */
  public Optional<CutSample> next(long toUs, boolean isOver) {
    PacketStamp first = waiting.peek();
    if (first == null || hasEnded) {
      return Optional.empty();
    }
    if (isBehind(first, toUs)) {
      hasEnded = isOver;
      return Optional.empty();
    }
    boolean isKnown = waiting.size() > 1 || isOver;
    if (!isKnown) {
      return Optional.empty();
    }
    waiting.remove();
    Optional<PacketStamp> second = Optional.ofNullable(waiting.peek());
    return Optional.of(sample(first, second, isOver ? toUs : Long.MAX_VALUE));
  }

  /** Decoding time of the sample that is taken next. */
  abstract long nextTicks();

  /** Whether the packet, the next in order, lies at or behind the end. */
  abstract boolean isBehind(PacketStamp packet, long toUs);

  /**
   * @param next the packet that follows; without, the track ends with this one
   * @param endUs where the track is cut off at the latest
   */
  abstract CutSample sample(PacketStamp packet, Optional<PacketStamp> next, long endUs);
}
