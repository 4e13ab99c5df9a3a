package dev.halcyon.codecs.cut;

import dev.halcyon.core.cut.PacketStamp;
import dev.halcyon.core.media.Track;
import dev.halcyon.core.media.TrackFormat;
import dev.halcyon.ring.Ring;
import dev.halcyon.ring.RingCursor;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A stream as it comes, in segments and parts of fragmented MP4: for players that follow it by
 * Low-Latency HTTP Live Streaming (RFC 8216 and its successor, draft-pantos-hls-rfc8216bis). All
 * that the ring holds can be played; payloads are copied out of it only when they are asked for.
 *
 * <p>One for all viewers of a stream; it keeps about 30 bytes a packet. Any thread; closed by
 * whoever opened it.
 */
public final class LiveSegments implements AutoCloseable {
  /** No segment is longer; playlists must not change it. */
  public static final int TARGET_S = 6;

  /** No part is longer, unless a single sample is. */
  public static final long PART_US = 300_000;

  /** Of all tracks: stream time is in microseconds. */
  static final int TIMESCALE_HZ = 1_000_000;

  private static final int AT_ONCE = 10_000;

  private final Ring ring;
  private final RingCursor cursor;
  private final Deque<LiveSegment> segments = new ArrayDeque<>();
  private final LiveDivider divider = new LiveDivider(segments::addLast);
  private final Map<Integer, Track> announced = new TreeMap<>();
  private boolean isNewEpoch = true;
  private long discontinuities;
  private boolean isClosed;

  private LiveSegments(Ring ring) {
    this.ring = ring;
    this.cursor = ring.cursor();
  }

  /** Begins with the oldest keyframe that is held. */
  public static LiveSegments open(Ring ring) {
    return new LiveSegments(ring);
  }

  /**
   * Reads what has come, which may wait for the disk. What was lost meanwhile, or is damaged, is a
   * gap.
   *
   * @param records at most, so that a pass over a whole ring does not keep a thread from others
   * @return whether nothing more is there just now
   */
  public synchronized boolean readOn(int records) {
    for (int i = 0; i < records; i++) {
      if (isClosed || !advance()) {
        return true;
      }
    }
    return false;
  }

  /**
   * What there is by now.
   *
   * @param isOver whether nothing follows for now: what has come is whole then
   */
  public synchronized LiveListing look(boolean isOver) {
    boolean isThere = readOn(AT_ONCE);
    while (!isThere) {
      isThere = readOn(AT_ONCE);
    }
    if (isOver) {
      divider.endSegment();
    }
    dropOverwritten();
    return listing();
  }

  private LiveListing listing() {
    return new LiveListing(
        discontinuities, List.copyOf(segments), divider.open(), divider.nextNumber());
  }

  /** Reads one record; false when none is there. */
  private boolean advance() {
    switch (cursor.next()) {
      case PACKET -> onPacket();
      case CONFIGURATION -> announced.put(cursor.track(), cursor.trackConfiguration());
      case EPOCH -> {
        divider.endSegment();
        announced.clear();
        isNewEpoch = true;
      }
      case NOTHING_YET -> {
        return false;
      }
      case OVERRUN -> divider.onLoss();
      case CLOSED -> throw RingCutter.closed();
    }
    return true;
  }

  private void onPacket() {
    Track track = cursor.trackConfiguration();
    announced.put(track.index(), track);
    if (isNewEpoch || hasOtherFormat(track)) {
      isNewEpoch = false;
      divider.onTracks(announced.values(), cursor.anchorWallUs() - cursor.anchorStreamUs());
    }
    divider.onPacket(
        track.index(),
        new PacketStamp(
            cursor.ptsUs(),
            cursor.dtsUs(),
            cursor.durationUs(),
            cursor.isKeyframe(),
            cursor.epoch(),
            0,
            cursor.position(),
            cursor.payloadLength()));
  }

  private boolean hasOtherFormat(Track track) {
    Optional<TrackFormat> divided = divider.format(track.index());
    return divided.isPresent() ? !divided.get().equals(track.format()) : divider.lacks(track);
  }

  /** A segment lives as long as all of it is in the ring. */
  private void dropOverwritten() {
    long oldest = ring.oldestPosition();
    while (!segments.isEmpty() && segments.getFirst().firstPosition() < oldest) {
      if (segments.removeFirst().isDiscontinuous()) {
        discontinuities++;
      }
    }
    if (!segments.isEmpty()) {
      divider.forgetHeadersBefore(segments.getFirst().header());
    }
  }

  /** What a segment needs before it, by {@link LiveSegment#header}; empty for one that is gone. */
  public synchronized Optional<ByteBuffer> header(int number) {
    return divider.header(number);
  }

  /**
   * A segment, or a part of it.
   *
   * @param part counted from 0; −1 for the whole segment
   * @return the caller closes it; empty when it is not there yet, or not any more
   */
  public synchronized Optional<ClipBytes> bytes(long number, int part) {
    LiveListing known = listing();
    if (!known.has(number, part)) {
      return Optional.empty();
    }
    return known
        .segment(number)
        .map(LiveSegment::parts)
        .filter(parts -> part < parts.size())
        .map(parts -> part < 0 ? parts : List.of(parts.get(part)))
        .map(this::reading);
  }

  private ClipBytes reading(List<LivePart> parts) {
    return new Reading(
        RingPieceReader.further(ring),
        new ArrayDeque<>(parts.stream().map(LivePart::toPiece).toList()));
  }

  /** False when the stream's tracks cannot be played this way: VP8 has no place in MP4. */
  public synchronized boolean hasPlayableTracks() {
    return divider.hasTracks() || announced.isEmpty();
  }

  @Override
  public synchronized void close() {
    isClosed = true;
    cursor.close();
  }

  /** Parts one after another. */
  private record Reading(RingPieceReader reader, Deque<RingPiece> pieces) implements ClipBytes {
    @Override
    public Next read(ByteBuffer target) {
      int start = target.position();
      while (target.hasRemaining() && (!reader.isDrained() || !pieces.isEmpty())) {
        if (reader.isDrained()) {
          reader.begin(pieces.removeFirst());
        }
        reader.read(target);
      }
      return target.position() > start ? Next.BYTES : Next.END;
    }

    @Override
    public void close() {
      reader.close();
    }
  }
}
