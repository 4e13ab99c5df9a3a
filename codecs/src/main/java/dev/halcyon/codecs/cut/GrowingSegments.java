package dev.halcyon.codecs.cut;

import dev.halcyon.codecs.mp4.Mp4File;
import dev.halcyon.codecs.mp4.Mp4Track;
import dev.halcyon.codecs.mp4.SampleTable;
import dev.halcyon.core.cut.CutRequest;
import dev.halcyon.core.cut.CutSample;
import dev.halcyon.core.cut.GrowingTrack;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.ring.Ring;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A clip while its window is open, in segments: for players that do not follow one file that grows
 * (HTTP Live Streaming with fragmented MP4, RFC 8216). A segment ends before a keyframe once it has
 * two seconds, and after five seconds in any case; a picture that stays for long, because the
 * publisher reconnected, has one of its own, and is the last where it stays for longer than a
 * segment may be. The first begins with the keyframe that the clip needs, so that the clip begins
 * {@link Listing#startUs} into them: there is no edit list.
 *
 * <p>One for all readers of a clip; it keeps the stamps of all of its packets, and no payload. Any
 * thread; closed by whoever opened it.
 */
public final class GrowingSegments implements AutoCloseable {
  /** No segment is longer, and a playlist must not change it. */
  public static final int TARGET_S = 6;

  /** Groups of pictures of two seconds are as usual as a millisecond less. */
  private static final long LEAST_US = 1_950_000;

  private static final long MOST_US = 5_000_000;
  private static final long TARGET_US = TARGET_S * 1_000_000L;
  private static final int AHEAD = 512;

  /** For what lies last, in place of a gap: sound goes on behind pictures' decoding times. */
  private static final long LAST_US = 100_000;

  /** A track that is so far behind is not waited for. */
  private static final long STALL_US = 500_000;

  private final Ring ring;
  private final GrowingScan scan;
  private final GrowingWindow window;
  private final List<GrowingTrack> tracks;
  private final long[] shiftsTicks;
  private final long startUs;
  private final List<RingPiece> pieces = new ArrayList<>();
  private final List<Long> lengthsUs = new ArrayList<>();
  private GrowingPiece gathered;
  private boolean hasEnded;
  private boolean isClosed;

  /**
   * What there is.
   *
   * @param lengthsUs of each segment, from number 0 on
   * @param startUs how far into the first segment the clip begins
   * @param hasEnded whether no segment follows
   */
  public record Listing(List<Long> lengthsUs, long startUs, boolean hasEnded) {
    public Listing {
      lengthsUs = List.copyOf(lengthsUs);
    }
  }

  private GrowingSegments(Ring ring, GrowingScan scan, GrowingWindow window) {
    this.ring = ring;
    this.scan = scan;
    this.window = window;
    this.tracks = scan.cut().tracks();
    this.gathered = new GrowingPiece(tracks);
    long earliestUs = tracks.stream().mapToLong(GrowingTrack::nextUs).min().orElseThrow();
    this.shiftsTicks =
        tracks.stream()
            .mapToLong(track -> (track.nextUs() - earliestUs) * track.timescaleHz() / 1_000_000)
            .toArray();
    this.startUs = -tracks.getFirst().nextPresentedUs();
  }

  /**
   * Empty while the first picture of the window is not known.
   *
   * @param request its start; the end is the window's
   * @throws HalcyonException as {@link GrowingFile#open} says
   */
  public static Optional<GrowingSegments> open(
      Ring ring, CutRequest request, GrowingWindow window) {
    return GrowingFile.begin(ring, request, window.hasClosed())
        .map(scan -> new GrowingSegments(ring, scan, window));
  }

  /**
   * What there is by now.
   *
   * @throws HalcyonException RING_OVERRUN when nobody looked for so long that media is gone
   */
  public synchronized Listing look() {
    boolean mayGoOn = !hasEnded && !isClosed;
    while (mayGoOn) {
      mayGoOn = gather() && !hasEnded;
    }
    return new Listing(lengthsUs, startUs, hasEnded);
  }

  /** What each segment needs before it: the configuration of all tracks. */
  public ByteBuffer header() {
    List<Mp4Track> empty = new ArrayList<>();
    for (GrowingTrack track : tracks) {
      empty.add(new Mp4Track(track.formats(), track.timescaleHz(), new SampleTable(), List.of()));
    }
    return Mp4File.beginning(empty).head();
  }

  /** A segment that {@link #look} told of; empty when there is none with the number. */
  public synchronized Optional<ClipBytes> segment(int number) {
    if (number < 0 || number >= pieces.size()) {
      return Optional.empty();
    }
    RingPieceReader reader =
        number == 0 ? RingPieceReader.fromBeginning(ring) : RingPieceReader.further(ring);
    reader.begin(pieces.get(number));
    return Optional.of(new Segment(reader));
  }

  /** Takes what is certain; whether there may be more at once. */
  private boolean gather() {
    // Asked first: what closed the window is in the ring then, and its end is final.
    boolean hasClosed = window.hasClosed();
    long toUs = window.toUs();
    boolean isAtEnd = scan.advance(AHEAD);
    boolean isOver = scan.hasEnded() || (hasClosed && isAtEnd);
    boolean hasTaken = false;
    boolean hasLeaderMore = true;
    boolean isAtGap = isAtGap();
    while (hasLeaderMore && !isAtBoundary() && !isAtGap) {
      hasLeaderMore = take(0, toUs, isOver);
      hasTaken |= hasLeaderMore;
      isAtGap = isAtGap();
    }
    long untilUs = hasLeaderMore ? tracks.getFirst().nextUs() : Long.MAX_VALUE;
    for (int i = 1; i < tracks.size(); i++) {
      hasTaken |= takeOther(i, isAtGap ? untilUs + LAST_US : untilUs, toUs, isOver || isAtGap);
    }
    if ((isOver || isAtGap) && !hasTaken && !isAtBoundary()) {
      if (isAtGap) {
        takeLast(toUs);
      }
      if (!gathered.isEmpty()) {
        finish();
      }
      hasEnded = true;
    }
    boolean isWhole = isWhole(isOver);
    if (isWhole) {
      finish();
    }
    return hasTaken || !isAtEnd || isWhole;
  }

  /** Sound goes with the pictures that it belongs to. */
  private boolean takeOther(int track, long untilUs, long toUs, boolean isOver) {
    boolean hasTaken = false;
    while (!gathered.isAtNewFormat(track)
        && tracks.get(track).nextUs() < untilUs
        && take(track, toUs, isOver)) {
      hasTaken = true;
    }
    return hasTaken;
  }

  private boolean take(int track, long toUs, boolean isOver) {
    Optional<CutSample> sample = tracks.get(track).next(toUs, isOver);
    sample.ifPresent(found -> gathered.add(track, found));
    return sample.isPresent();
  }

  /** The picture that stays, as if it did not: it may be shown before others that are there. */
  private void takeLast(long toUs) {
    GrowingTrack leader = tracks.getFirst();
    leader
        .next(toUs, false)
        .ifPresent(
            sample ->
                gathered.add(
                    0,
                    new CutSample(
                        sample.packet(),
                        sample.decodeTicks(),
                        LAST_US * leader.timescaleHz() / 1_000_000,
                        sample.compositionOffsetTicks())));
  }

  /** Whether the next picture belongs to the next segment. */
  private boolean isAtBoundary() {
    long lengthUs = gathered.lengthUs(0);
    return lengthUs >= MOST_US
        || (lengthUs > 0 && lengthUs + tracks.getFirst().nextLengthUs() > TARGET_US)
        || (lengthUs >= LEAST_US && tracks.getFirst().isNextKeyframe())
        || gathered.isAtNewFormat(0);
  }

  /** Whether no segment can hold the next picture: nothing comes behind it. */
  private boolean isAtGap() {
    return tracks.getFirst().nextLengthUs() > TARGET_US;
  }

  private boolean isWhole(boolean isOver) {
    long atUs = tracks.getFirst().nextUs();
    boolean isWaitedFor = !isOver && scan.latestUs() - scan.cut().startUs() - atUs < STALL_US;
    boolean hasOthers = true;
    for (int i = 1; i < tracks.size(); i++) {
      boolean isThere = tracks.get(i).nextUs() >= atUs || gathered.isAtNewFormat(i);
      hasOthers &= isThere || !isWaitedFor;
    }
    return isAtBoundary() && hasOthers;
  }

  private void finish() {
    lengthsUs.add(gathered.lengthUs(0));
    pieces.add(gathered.toFragment(pieces.size() + 1, shiftsTicks));
    gathered = new GrowingPiece(tracks);
  }

  @Override
  public synchronized void close() {
    isClosed = true;
    scan.close();
  }

  /** The bytes of one segment. */
  private record Segment(RingPieceReader reader) implements ClipBytes {
    @Override
    public Next read(ByteBuffer target) {
      if (reader.isDrained()) {
        return Next.END;
      }
      reader.read(target);
      return Next.BYTES;
    }

    @Override
    public void close() {
      reader.close();
    }
  }
}
