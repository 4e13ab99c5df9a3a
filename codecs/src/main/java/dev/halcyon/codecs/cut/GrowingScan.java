package dev.halcyon.codecs.cut;

import dev.halcyon.core.clip.Crossing;
import dev.halcyon.core.cut.CutRequest;
import dev.halcyon.core.cut.GrowingCut;
import dev.halcyon.core.cut.GrowingTrack;
import dev.halcyon.core.cut.PacketStamp;
import dev.halcyon.core.cut.TrackPackets;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.TrackFormat;
import dev.halcyon.ring.Ring;
import dev.halcyon.ring.RingCursor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Follows the ring for a {@link GrowingCut}: hands it each packet's stamp once it is written. One
 * thread; closed by whoever began it.
 */
final class GrowingScan implements AutoCloseable {
  /** What waits in a track while its window's end is undecided; an hour of sound is 170,000. */
  private static final int MAX_WAITING = 1_000_000;

  private final RingCursor cursor;
  private final Crossing crossing;
  private final GrowingCut cut;

  /** What the epoch in force announced, by track. */
  private final Map<Integer, TrackFormat> announced = new HashMap<>();

  private int epoch;
  private long lastPosition;
  private long latestUs = Long.MIN_VALUE / 2;
  private boolean hasEnded;

  private GrowingScan(RingCursor cursor, Crossing crossing, GrowingCut cut, long lastPosition) {
    this.cursor = cursor;
    this.crossing = crossing;
    this.cut = cut;
    this.epoch = cut.epoch();
    this.lastPosition = lastPosition;
  }

  /**
   * Empty while the start of the window is not certain.
   *
   * @throws HalcyonException as {@link RingCutter#cut} says
   */
  static Optional<GrowingScan> begin(Ring ring, CutRequest request, boolean hasClosed) {
    CutRequest start = GrowingCut.startOf(request);
    if (!hasClosed && !isTouched(ring, start)) {
      return Optional.empty();
    }
    List<TrackPackets> packets =
        EntryPoints.of(
                RingScan.of(ring, start, RingScan.startOf(ring, start)),
                start.fromUs(),
                packet -> RingPayloads.one(ring, packet))
            .stream()
            .map(GrowingScan::withParameterSets)
            .toList();
    Optional<GrowingCut> cut =
        GrowingCut.begin(start, RingCutter.held(ring, start), packets, hasClosed);
    return cut.map(begun -> following(ring, request.crossing(), begun, packets));
  }

  /** In all: the configuration may change later, which the head of the file cannot tell. */
  private static TrackPackets withParameterSets(TrackPackets track) {
    return new TrackPackets(
        track.index(),
        track.epoch(),
        track.formats(),
        ParameterSets.inFrontOf(track.packets(), track.formats()));
  }

  private static boolean isTouched(Ring ring, CutRequest start) {
    return ring.held().stream()
        .filter(range -> start.epochs().contains(range.epoch()))
        .anyMatch(range -> range.toUs() > start.fromUs());
  }

  private static GrowingScan following(
      Ring ring, Crossing crossing, GrowingCut cut, List<TrackPackets> packets) {
    PacketStamp last =
        packets.stream()
            .filter(track -> track.epoch() == cut.epoch() && !track.packets().isEmpty())
            .map(track -> track.packets().getLast())
            .reduce((a, b) -> a.position() > b.position() ? a : b)
            .orElseThrow();
    RingCursor cursor = ring.cursor();
    try {
      cursor.seek(last.position());
      return new GrowingScan(cursor, crossing, cut, last.position());
    } catch (RuntimeException failure) {
      cursor.close();
      throw failure;
    }
  }

  GrowingCut cut() {
    return cut;
  }

  /**
   * Reads on.
   *
   * @param count packets, at most
   * @return whether nothing follows just now
   * @throws HalcyonException RING_OVERRUN when the writer overtook
   */
  boolean advance(int count) {
    for (int i = 0; i < count && !hasEnded; i++) {
      switch (cursor.next()) {
        case PACKET -> onPacket();
        case CONFIGURATION -> announced.put(cursor.track(), cursor.trackConfiguration().format());
        case EPOCH -> announced.clear();
        case NOTHING_YET -> {
          return true;
        }
        case OVERRUN -> throw RingCutter.overrun();
        case CLOSED -> throw RingCutter.closed();
      }
    }
    return hasEnded;
  }

  private void onPacket() {
    if (cursor.position() <= lastPosition) {
      return;
    }
    lastPosition = cursor.position();
    latestUs = Math.max(latestUs, cursor.dtsUs());
    if (cursor.epoch() != epoch) {
      epoch = cursor.epoch();
      hasEnded = crossing != Crossing.STITCH || !cut.goesOnWith(announced);
    }
    for (GrowingTrack track : cut.tracks()) {
      if (track.index() == cursor.track() && !hasEnded) {
        onPacketOf(track);
      }
    }
  }

  /** What a growing file cannot carry: a configuration of sound that its head lacks. */
  private void onPacketOf(GrowingTrack track) {
    TrackFormat format = cursor.trackConfiguration().format();
    OptionalInt index = track.indexOf(format);
    if (index.isEmpty()) {
      hasEnded = true;
      return;
    }
    if (track.waiting() >= MAX_WAITING) {
      throw new HalcyonException(
          ErrorCode.PAYLOAD_TOO_LARGE, "more than " + MAX_WAITING + " packets wait");
    }
    PacketStamp packet =
        new PacketStamp(
            cursor.ptsUs(),
            cursor.dtsUs(),
            cursor.durationUs(),
            cursor.isKeyframe(),
            cursor.epoch(),
            index.getAsInt(),
            cursor.position(),
            cursor.payloadLength());
    track.add(ParameterSets.inFrontOf(packet, format));
  }

  /** Decoding time of the newest packet that was read on. */
  long latestUs() {
    return latestUs;
  }

  /** Whether what followed cannot be in the same file, so that nothing is added any more. */
  boolean hasEnded() {
    return hasEnded;
  }

  @Override
  public void close() {
    cursor.close();
  }
}
