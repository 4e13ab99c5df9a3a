package dev.halcyon.core.cut;

import dev.halcyon.core.clip.CutContract;
import dev.halcyon.core.clip.Gap;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Plans an instant clip: from a window of one epoch and the stamps of its packets to what the file
 * holds and presents. The window is snapped to pictures, sound is trimmed to them by the sample,
 * and both begin at the clip's time 0. Pure; any thread.
 */
public final class CutPlanner {
  private final CutRequest request;
  private final long fromUs;
  private final long toUs;
  private final List<TrackPackets> tracks;

  private CutPlanner(CutRequest request, long fromUs, long toUs, List<TrackPackets> tracks) {
    this.request = request;
    this.fromUs = fromUs;
    this.toUs = toUs;
    this.tracks = tracks;
  }

  /**
   * @param held what can be read of the epoch that the window lies in
   * @throws HalcyonException RANGE_NOT_HELD when the window is not held, or holds no picture of a
   *     stream with video; EPOCH_CROSSED when packets of several epochs lie in it
   */
  public static CutPlan plan(CutRequest request, HeldSpan held, List<TrackPackets> tracks) {
    long fromUs = Math.max(request.fromUs(), held.fromUs());
    long toUs = Math.min(request.toUs(), held.toUs());
    boolean isOutside = fromUs > request.fromUs() || toUs < request.toUs();
    if (toUs <= fromUs || (isOutside && request.outside() == CutRequest.Outside.REFUSE)) {
      throw notHeld(request, "held is " + held.fromUs() + ".." + held.toUs() + " us");
    }
    int epoch = request.epoch().orElseGet(() -> theEpoch(fromUs, toUs, tracks));
    List<TrackPackets> ofEpoch =
        tracks.stream()
            .map(track -> track.ofEpoch(epoch))
            .filter(track -> !track.packets().isEmpty())
            .sorted(
                Comparator.comparing((TrackPackets track) -> !track.isVideo())
                    .thenComparing(TrackPackets::index))
            .toList();
    CutPlanner planner = new CutPlanner(request, fromUs, toUs, ofEpoch);
    return ofEpoch.stream().anyMatch(TrackPackets::isVideo)
        ? planner.withPictures(epoch)
        : planner.soundOnly(epoch);
  }

  private static int theEpoch(long fromUs, long toUs, List<TrackPackets> tracks) {
    int[] epochs =
        tracks.stream()
            .flatMap(track -> track.packets().stream())
            .filter(packet -> packet.ptsUs() >= fromUs && packet.ptsUs() < toUs)
            .mapToInt(PacketStamp::epoch)
            .distinct()
            .toArray();
    if (epochs.length > 1) {
      throw new HalcyonException(
          ErrorCode.EPOCH_CROSSED,
          "the publisher reconnected inside of " + fromUs + ".." + toUs + " us");
    }
    if (epochs.length == 1) {
      return epochs[0];
    }
    // One long audio packet can cover a window in which no packet starts.
    return tracks.stream()
        .flatMap(track -> track.packets().stream())
        .filter(packet -> packet.ptsUs() < fromUs)
        .max(Comparator.comparingLong(PacketStamp::ptsUs))
        .map(PacketStamp::epoch)
        .orElse(0);
  }

  private CutPlan withPictures(int epoch) {
    TrackPackets leader = tracks.getFirst();
    VideoCut picture =
        VideoCut.of(leader, fromUs, toUs)
            .orElseThrow(() -> notHeld(request, "no picture is presented in it"));
    if (picture.isStartLost() && request.outside() == CutRequest.Outside.REFUSE) {
      throw notHeld(request, "the first decodable picture is at " + picture.startUs() + " us");
    }
    long startUs = picture.startUs();
    long endUs = picture.endUs(toUs, othersEndUs(leader));
    List<TrackCut> cuts = new ArrayList<>();
    List<Gap> gaps = new ArrayList<>(picture.gaps(fromUs, endUs));
    Optional<AudioCut> firstSound = Optional.empty();
    cuts.add(picture.toTrack(startUs, endUs));
    for (TrackPackets track : tracks.subList(1, tracks.size())) {
      if (track.isVideo()) {
        VideoCut.of(track, startUs, endUs)
            .ifPresent(cut -> cuts.add(cut.toTrack(startUs, cut.endUs(endUs, endUs))));
        continue;
      }
      Optional<AudioCut> sound = AudioCut.of(track, AudioTimeline.of(track), startUs, endUs);
      sound.ifPresent(cut -> cuts.add(cut.toTrack(startUs, endUs)));
      gaps.addAll(
          sound
              .map(cut -> cut.gaps(startUs, endUs))
              .orElseGet(() -> List.of(new Gap(startUs, endUs - startUs))));
      firstSound = firstSound.or(() -> sound);
    }
    return new CutPlan(
        contract(
            epoch,
            startUs,
            endUs,
            picture.isStartLost(),
            picture.keyframeUs(),
            gaps,
            firstSound,
            cuts),
        cuts);
  }

  private CutPlan soundOnly(int epoch) {
    List<TrackCut> cuts = new ArrayList<>();
    List<Gap> gaps = new ArrayList<>();
    Optional<AudioCut> firstSound = Optional.empty();
    for (TrackPackets track : tracks) {
      Optional<AudioCut> sound = AudioCut.of(track, AudioTimeline.of(track), fromUs, toUs);
      sound.ifPresent(cut -> cuts.add(cut.toTrack(fromUs, toUs)));
      sound.ifPresent(cut -> gaps.addAll(cut.gaps(fromUs, toUs)));
      firstSound = firstSound.or(() -> sound);
    }
    AudioCut leader = firstSound.orElseThrow(() -> notHeld(request, "no sound is presented in it"));
    return new CutPlan(
        contract(
            epoch, fromUs, toUs, false, leader.firstCopiedUs(), gaps, Optional.of(leader), cuts),
        cuts);
  }

  private CutContract contract(
      int epoch,
      long startUs,
      long endUs,
      boolean isStartLost,
      long keyframeUs,
      List<Gap> gaps,
      Optional<AudioCut> sound,
      List<TrackCut> cuts) {
    boolean isClamped =
        isStartLost || fromUs > request.requestedFromUs() || toUs < request.requestedToUs();
    return new CutContract(
        request.requestedFromUs(),
        request.requestedToUs(),
        startUs,
        endUs,
        isClamped,
        keyframeUs,
        startUs - keyframeUs,
        Gap.merged(gaps),
        List.of(epoch),
        sound.map(cut -> cut.startUs() - startUs).orElse(0L),
        sound.map(cut -> cut.endUs() - endUs).orElse(0L),
        cuts.stream().mapToInt(cut -> cut.samples().size()).sum(),
        0,
        "");
  }

  private long othersEndUs(TrackPackets leader) {
    return tracks.stream()
        .filter(track -> track.index() != leader.index())
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
