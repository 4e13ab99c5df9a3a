package dev.halcyon.codecs.cut;

import dev.halcyon.core.cut.CutRequest;
import dev.halcyon.core.cut.CutSample;
import dev.halcyon.core.cut.GrowingTrack;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Codec;
import dev.halcyon.ring.Ring;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * A clip as a file that can be read while its window is open: an MP4 whose head has the first
 * samples, then a fragment each time that enough has come, made out of the ring as it is read. It
 * begins exactly at the window's start by its edit list and ends when the window has closed, see
 * {@link dev.halcyon.core.cut.GrowingCut}.
 *
 * <p>One for each reader. It keeps stamps of about a second and at most one payload, however slowly
 * it is read; reading may wait for the disk under the ring. One thread at a time; closed by whoever
 * opened it.
 */
public final class GrowingFile implements ClipBytes {
  /** Less would be mostly boxes, more would be seen as delay. */
  private static final long LEAST_FRAGMENT_US = 100_000;

  private static final long MOST_FRAGMENT_US = 1_000_000;
  private static final long MOST_FRAGMENT_BYTES = 1 << 20;

  /** Of the clip; what lies before its start is in the head in any case. */
  private static final long HEAD_US = 500_000;

  /** Stamps that are read ahead. */
  private static final int AHEAD = 512;

  private final GrowingScan scan;
  private final GrowingWindow window;
  private final long longestUs;
  private final RingPieceReader reader;
  private GrowingPiece gathered;
  private int sequence;
  private boolean hasEnded;

  private GrowingFile(
      GrowingScan scan, RingPieceReader reader, GrowingWindow window, long longestUs) {
    this.scan = scan;
    this.reader = reader;
    this.window = window;
    this.longestUs = longestUs;
    this.gathered = new GrowingPiece(scan.cut().tracks());
  }

  /**
   * Empty while the first picture of the window is not known.
   *
   * @param request its start; the end is the window's
   * @param longestUs how long the clip will be, or may become
   * @throws HalcyonException as {@link RingCutter#cut} says; NOT_READY for VP8, of which there is
   *     only the whole file
   */
  public static Optional<GrowingFile> open(
      Ring ring, CutRequest request, GrowingWindow window, long longestUs) {
    return begin(ring, request, window.hasClosed())
        .map(scan -> opened(ring, scan, window, longestUs));
  }

  static Optional<GrowingScan> begin(Ring ring, CutRequest request, boolean hasClosed) {
    Optional<GrowingScan> scan = GrowingScan.begin(ring, request, hasClosed);
    scan.filter(begun -> begun.cut().tracks().stream().anyMatch(GrowingFile::isOfWebm))
        .ifPresent(
            begun -> {
              begun.close();
              throw new HalcyonException(
                  ErrorCode.NOT_READY, "a clip with VP8 is a WebM file, played once it is whole");
            });
    return scan;
  }

  private static boolean isOfWebm(GrowingTrack track) {
    return track.formats().getFirst().codec() == Codec.VP8;
  }

  private static GrowingFile opened(
      Ring ring, GrowingScan scan, GrowingWindow window, long longestUs) {
    try {
      return new GrowingFile(scan, RingPieceReader.fromBeginning(ring), window, longestUs);
    } catch (RuntimeException failure) {
      scan.close();
      throw failure;
    }
  }

  /** Whether {@link #open} would find the start of the window. */
  public static boolean isPlayable(Ring ring, CutRequest request, boolean hasClosed) {
    Optional<GrowingScan> scan = begin(ring, request, hasClosed);
    scan.ifPresent(GrowingScan::close);
    return scan.isPresent();
  }

  @Override
  public Next read(ByteBuffer target) {
    int start = target.position();
    while (target.hasRemaining() && (!reader.isDrained() || beginNext())) {
      reader.read(target);
    }
    if (target.position() > start) {
      return Next.BYTES;
    }
    return hasEnded ? Next.END : Next.NOTHING_YET;
  }

  /** False when no piece is due. */
  private boolean beginNext() {
    boolean isOver = gather();
    boolean isDue = isOver || isFull() || sequence == 0 || gathered.lengthUs() >= LEAST_FRAGMENT_US;
    if (gathered.isEmpty() || !isDue) {
      hasEnded |= isOver;
      return false;
    }
    reader.begin(sequence == 0 ? gathered.toBeginning(longestUs) : gathered.toFragment(sequence));
    sequence++;
    gathered = new GrowingPiece(scan.cut().tracks());
    return true;
  }

  /** Takes what is certain and has room; whether nothing follows any more. */
  private boolean gather() {
    // Asked first: what closed the window is in the ring then, and its end is final.
    boolean hasClosed = window.hasClosed();
    long toUs = window.toUs();
    boolean isAtEnd = scan.cut().waiting() < AHEAD && scan.advance(AHEAD);
    while (!isFull()) {
      boolean isOver = scan.hasEnded() || (hasClosed && isAtEnd);
      boolean hasTaken = take(toUs, isOver);
      if (!hasTaken && isAtEnd) {
        return isOver;
      }
      isAtEnd = scan.advance(AHEAD);
    }
    return false;
  }

  private boolean take(long toUs, boolean isOver) {
    List<GrowingTrack> tracks = scan.cut().tracks();
    boolean hasTaken = false;
    boolean hasLeaderMore = true;
    while (hasLeaderMore && !isFull()) {
      Optional<CutSample> sample = tracks.getFirst().next(toUs, isOver);
      sample.ifPresent(found -> gathered.add(0, found));
      hasLeaderMore = sample.isPresent();
      hasTaken |= hasLeaderMore;
    }
    for (int i = 1; i < tracks.size(); i++) {
      hasTaken |= takeOther(i, hasLeaderMore, toUs, isOver);
    }
    return hasTaken;
  }

  /** The others keep in step with the first track, for as long as it goes on. */
  private boolean takeOther(int track, boolean hasLeaderMore, long toUs, boolean isOver) {
    GrowingTrack other = scan.cut().tracks().get(track);
    boolean hasTaken = false;
    boolean isInOneFormat = sequence > 0;
    while (!(isInOneFormat && gathered.isAtNewFormat(track))
        && (!hasLeaderMore || other.nextUs() < scan.cut().tracks().getFirst().nextUs())) {
      Optional<CutSample> sample = other.next(toUs, isOver);
      if (sample.isEmpty()) {
        return hasTaken;
      }
      gathered.add(track, sample.get());
      hasTaken = true;
    }
    return hasTaken;
  }

  /** Whether no more goes into the piece; the head takes what lies before the start in any case. */
  private boolean isFull() {
    if (sequence == 0) {
      return scan.cut().tracks().getFirst().nextUs() >= HEAD_US;
    }
    return gathered.lengthUs() >= MOST_FRAGMENT_US
        || gathered.sizeBytes() >= MOST_FRAGMENT_BYTES
        || isAtNewFormat();
  }

  private boolean isAtNewFormat() {
    for (int i = 0; i < scan.cut().tracks().size(); i++) {
      if (gathered.isAtNewFormat(i)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void close() {
    scan.close();
    reader.close();
  }
}
