package dev.halcyon.core.cut;

import dev.halcyon.core.clip.Crossing;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.TrackFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Plans a clip whose window is still open: it begins where {@link CutPlanner} would let it begin,
 * then takes each packet as it comes. Pure; not thread-safe.
 *
 * <p>Pictures end before the first, in decoding order, that lies behind the window. Those few that
 * need it to be decoded, at most the reorder depth, are left to the finished file: a growing one
 * has no way to carry a picture without presenting it, and none from behind the end is presented.
 */
public final class GrowingCut {
  /** What is looked at to find the start; more than any reorder depth and interleaving. */
  private static final long START_US = 1_000_000;

  private final int epoch;
  private final long startUs;
  private final List<GrowingTrack> tracks;

  private GrowingCut(int epoch, long startUs, List<GrowingTrack> tracks) {
    this.epoch = epoch;
    this.startUs = startUs;
    this.tracks = List.copyOf(tracks);
  }

  /**
   * The part of a window in which its start is found, in whichever epoch that is; packets around it
   * are what to begin with.
   */
  public static CutRequest startOf(CutRequest request) {
    return new CutRequest(
        request.requestedFromUs(),
        request.requestedToUs(),
        request.fromUs(),
        Math.min(request.toUs(), request.fromUs() + START_US),
        request.epochs(),
        CutRequest.Outside.CLAMP,
        Crossing.SPLIT);
  }

  /**
   * Begins a cut; empty while its start is not certain: a packet may still come that is presented
   * before, or a track whose first packet is awaited, for as long as a closing window would wait. A
   * track without a packet by then is left out.
   *
   * @param start as {@link #startOf} says
   * @param held what is held of the window
   * @param packets those around the start, as {@link CutPlanner#plan} wants them
   * @param hasClosed whether nothing that belongs to the window comes any more
   * @throws HalcyonException as {@link CutPlanner#plan} says, when the window has closed
   */
  public static Optional<GrowingCut> begin(
      CutRequest start, HeldSpan held, List<TrackPackets> packets, boolean hasClosed) {
    if (!hasClosed && held.toUs() <= start.fromUs()) {
      return Optional.empty();
    }
    CutPlan plan;
    try {
      plan = CutPlanner.plan(start, held, packets);
    } catch (HalcyonException tooEarly) {
      if (hasClosed || tooEarly.code() != ErrorCode.RANGE_NOT_HELD) {
        throw tooEarly;
      }
      return Optional.empty();
    }
    long startUs = plan.contract().deliveredStartUs();
    int epoch = plan.contract().epochs().getFirst();
    List<TrackPackets> own = packets.stream().filter(track -> track.epoch() == epoch).toList();
    boolean hasEnded = hasClosed || packets.stream().anyMatch(track -> track.epoch() > epoch);
    if (!hasEnded && !isCertain(startUs, plan.tracks().getFirst().index(), own)) {
      return Optional.empty();
    }
    List<GrowingTrack> tracks = new ArrayList<>();
    for (TrackCut cut : plan.tracks()) {
      tracks.add(growing(cut, startUs, own));
    }
    return Optional.of(new GrowingCut(epoch, startUs, tracks));
  }

  /**
   * Packets come in the order of their dts, and are presented no earlier. A packet behind the start
   * tells how long the first one lasts, so that the beginning has what is presented first.
   */
  private static boolean isCertain(long startUs, int leader, List<TrackPackets> packets) {
    long latestUs = packets.stream().mapToLong(GrowingCut::latestDtsUs).max().orElseThrow();
    return packets.stream()
        .allMatch(
            track -> {
              long jitterUs = track.isVideo() ? 0 : AudioTimeline.TOLERANCE_US;
              boolean isThere = latestDtsUs(track) > startUs + jitterUs;
              boolean isStalled = latestUs - startUs >= WindowWatch.STALL_US;
              return isThere || (isStalled && track.index() != leader);
            });
  }

  private static long latestDtsUs(TrackPackets track) {
    return track.packets().isEmpty() ? Long.MIN_VALUE : track.packets().getLast().dtsUs();
  }

  private static GrowingTrack growing(TrackCut cut, long startUs, List<TrackPackets> packets) {
    PacketStamp first = cut.samples().getFirst().packet();
    TrackPackets all =
        packets.stream()
            .filter(track -> track.index() == cut.index() && track.packets().contains(first))
            .findFirst()
            .orElseThrow();
    GrowingTrack track =
        cut.isVideo() ? new GrowingPictures(cut, startUs) : new GrowingSound(cut, startUs);
    all.packets().stream().skip(all.packets().indexOf(first)).forEach(track::add);
    return track;
  }

  /** The epoch that it begins in. */
  public int epoch() {
    return epoch;
  }

  /**
   * Whether it goes on into another epoch, so far as that can be told when its first packet comes.
   *
   * @param formats of the tracks that were announced, by their index
   */
  public boolean goesOnWith(Map<Integer, TrackFormat> formats) {
    return tracks.stream()
        .allMatch(
            track ->
                Optional.ofNullable(formats.get(track.index()))
                    .filter(track::goesOnWith)
                    .isPresent());
  }

  /** Stream time of the clip's time 0. */
  public long startUs() {
    return startUs;
  }

  /** Packets whose samples were not taken yet. */
  public int waiting() {
    return tracks.stream().mapToInt(GrowingTrack::waiting).sum();
  }

  /** Video first; the same ones for ever. */
  public List<GrowingTrack> tracks() {
    return tracks;
  }
}
