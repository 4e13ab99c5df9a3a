package dev.halcyon.core.cut;

import dev.halcyon.core.clip.Crossing;
import dev.halcyon.core.clip.CutContract;
import dev.halcyon.core.clip.Gap;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Plans an instant clip: from a window and the stamps of its packets to what the file holds and
 * presents. The window is snapped to pictures, sound is trimmed to them by the sample, and both
 * begin at the clip's time 0. A window over several epochs is planned piece by piece, each from a
 * decodable picture of its own, and joined. Pure; any thread.
 */
public final class CutPlanner {
  private final CutRequest request;
  private final long fromUs;
  private final long toUs;
  private final List<Piece> pieces;
  private final OptionalInt nextEpoch;

  private CutPlanner(
      CutRequest request, long fromUs, long toUs, List<Piece> pieces, OptionalInt nextEpoch) {
    this.request = request;
    this.fromUs = fromUs;
    this.toUs = toUs;
    this.pieces = pieces;
    this.nextEpoch = nextEpoch;
  }

  /**
   * Plans the clip of the window, or of its first epochs where the next does not go with them.
   *
   * @param held what can be read of the epochs that the window touches
   * @throws HalcyonException RANGE_NOT_HELD when the window is not held, or holds no picture of a
   *     stream with video; EPOCH_CROSSED when packets of several epochs lie in it and that is
   *     refused
   */
  public static CutPlan plan(CutRequest request, HeldSpan held, List<TrackPackets> tracks) {
    long fromUs = Math.max(request.fromUs(), held.fromUs());
    long toUs = Math.min(request.toUs(), held.toUs());
    boolean isOutside = fromUs > request.fromUs() || toUs < request.toUs();
    if (toUs <= fromUs || (isOutside && request.outside() == CutRequest.Outside.REFUSE)) {
      throw notHeld(request, "held is " + held.fromUs() + ".." + held.toUs() + " us");
    }
    List<Piece> touched = Piece.of(request.epochs(), fromUs, toUs, tracks);
    if (touched.size() > 1 && request.crossing() == Crossing.REFUSE) {
      throw new HalcyonException(
          ErrorCode.EPOCH_CROSSED,
          "the publisher reconnected inside of " + fromUs + ".." + toUs + " us");
    }
    List<Piece> pieces =
        touched.stream().filter(piece -> isPresented(piece, fromUs, toUs)).toList();
    if (pieces.isEmpty()) {
      throw notHeld(request, "no picture is presented in it");
    }
    int count = Piece.together(pieces, request.crossing());
    OptionalInt next =
        count < pieces.size() ? OptionalInt.of(pieces.get(count).epoch()) : OptionalInt.empty();
    List<Piece> own = Piece.withPicturesAtEnds(pieces.subList(0, count));
    CutPlanner planner = new CutPlanner(request, fromUs, toUs, own, next);
    return own.getFirst()
        .video()
        .map(video -> planner.withPictures(video.index()))
        .orElseGet(planner::soundOnly);
  }

  /** Sound without a picture, before an epoch's first one or behind its last, makes no piece. */
  private static boolean isPresented(Piece piece, long fromUs, long toUs) {
    return piece.video().map(v -> VideoCut.of(v, fromUs, toUs).isPresent()).orElse(true);
  }

  private CutPlan withPictures(int leader) {
    PictureParts pictures = PictureParts.of(leader, pieces, fromUs, toUs);
    VideoCut first = pictures.first();
    if (first.isStartLost() && request.outside() == CutRequest.Outside.REFUSE) {
      throw notHeld(request, "the first decodable picture is at " + first.startUs() + " us");
    }
    long startUs = first.startUs();
    long endUs = pictures.endUs(toUs, othersEndUs(leader));
    List<TrackCut> cuts = new ArrayList<>(List.of(pictures.toTrack(startUs, endUs)));
    cuts.addAll(otherPictures(leader, startUs, endUs));
    List<SoundParts> sounds = SoundParts.all(pieces, startUs, endUs);
    List<Gap> gaps = new ArrayList<>(pictures.gaps(fromUs, endUs));
    for (SoundParts sound : sounds) {
      gaps.addAll(sound.gaps(startUs, endUs));
      if (!sound.isEmpty()) {
        cuts.add(sound.toTrack(startUs, endUs));
      }
    }
    CutContract contract =
        contract(startUs, endUs, first.isStartLost(), first.keyframeUs(), gaps, sounds, cuts);
    return new CutPlan(contract, cuts, nextEpoch);
  }

  private List<TrackCut> otherPictures(int leader, long startUs, long endUs) {
    return pieces.stream()
        .flatMap(piece -> piece.tracks().stream())
        .filter(track -> track.isVideo() && track.index() != leader)
        .map(TrackPackets::index)
        .distinct()
        .map(index -> PictureParts.of(index, pieces, startUs, endUs))
        .filter(parts -> !parts.isEmpty())
        .map(parts -> parts.toTrack(startUs, parts.endUs(endUs, endUs)))
        .toList();
  }

  private CutPlan soundOnly() {
    List<SoundParts> sounds =
        SoundParts.all(pieces, fromUs, toUs).stream().filter(sound -> !sound.isEmpty()).toList();
    if (sounds.isEmpty()) {
      throw notHeld(request, "no sound is presented in it");
    }
    List<TrackCut> cuts = sounds.stream().map(sound -> sound.toTrack(fromUs, toUs)).toList();
    List<Gap> gaps = sounds.stream().flatMap(sound -> sound.gaps(fromUs, toUs).stream()).toList();
    long firstCopiedUs = sounds.getFirst().firstCopiedUs();
    return new CutPlan(
        contract(fromUs, toUs, false, firstCopiedUs, gaps, sounds, cuts), cuts, nextEpoch);
  }

  private CutContract contract(
      long startUs,
      long endUs,
      boolean isStartLost,
      long keyframeUs,
      List<Gap> gaps,
      List<SoundParts> sounds,
      List<TrackCut> cuts) {
    boolean isClamped =
        isStartLost
            || nextEpoch.isPresent()
            || fromUs > request.requestedFromUs()
            || toUs < request.requestedToUs();
    int packets = cuts.stream().mapToInt(cut -> cut.samples().size()).sum();
    int made = cuts.stream().mapToInt(CutPlanner::made).sum();
    Optional<SoundParts> heard = sounds.stream().filter(sound -> !sound.isEmpty()).findFirst();
    return new CutContract(
        request.requestedFromUs(),
        request.requestedToUs(),
        startUs,
        endUs,
        isClamped,
        keyframeUs,
        startUs - keyframeUs,
        Gap.merged(gaps),
        pieces.stream().map(Piece::epoch).toList(),
        heard.map(sound -> sound.startUs() - startUs).orElse(0L),
        heard.map(sound -> sound.endUs() - endUs).orElse(0L),
        packets - made,
        made,
        "");
  }

  /** Packets of silence. */
  private static int made(TrackCut cut) {
    return (int) cut.samples().stream().filter(sample -> sample.packet().isMade()).count();
  }

  /** Of the last epoch: up to where its other tracks have media. */
  private long othersEndUs(int leader) {
    return pieces.getLast().tracks().stream()
        .filter(track -> track.index() != leader)
        .flatMap(track -> track.packets().stream())
        .mapToLong(packet -> packet.ptsUs() + packet.durationUs())
        .max()
        .orElse(-PacketStamp.MAX_TIME_US);
  }

  private static HalcyonException notHeld(CutRequest request, String why) {
    return new HalcyonException(
        ErrorCode.RANGE_NOT_HELD,
        "the window " + request.fromUs() + ".." + request.toUs() + " us is not held: " + why);
  }
}
