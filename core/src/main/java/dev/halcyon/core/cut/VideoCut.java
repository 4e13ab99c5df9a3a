package dev.halcyon.core.cut;

import dev.halcyon.core.clip.Gap;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Chooses the packets of one video track. Pictures are presented in the order of their pts; copied
 * is what lies, in decoding order, between a keyframe from which all of them decode and the last of
 * them, but for what does not decode from there. References at or past the end are thereby in the
 * file, and the edit hides them. Immutable.
 */
final class VideoCut {
  static final int TIMESCALE_HZ = 1_000_000;

  /** A picture that lasts longer than this many usual ones leaves a gap. */
  private static final int GAP_FRAMES = 3;

  private static final long MIN_GAP_US = 100_000;

  /** Assumed for a lone picture of unknown length: 25 pictures a second. */
  static final long LONE_FRAME_US = 40_000;

  private final TrackPackets track;
  private final int keyframe;
  private final int last;
  private final long startUs;
  private final boolean isStartLost;
  private final long[] sortedPtsUs;
  private final long usualUs;

  private VideoCut(TrackPackets track, int keyframe, int last, long startUs, boolean isStartLost) {
    this.track = track;
    this.keyframe = keyframe;
    this.last = last;
    this.startUs = startUs;
    this.isStartLost = isStartLost;
    this.sortedPtsUs =
        track.packets().stream().skip(keyframe).mapToLong(PacketStamp::ptsUs).sorted().toArray();
    this.usualUs = usualDistanceUs();
  }

  /** Empty when no decodable picture has a pts in the window. */
  static Optional<VideoCut> of(TrackPackets track, long fromUs, long toUs) {
    List<PacketStamp> packets = track.packets();
    long lowestKeyPtsUs = Long.MAX_VALUE;
    long startUs = Long.MAX_VALUE;
    long lowestLostUs = Long.MAX_VALUE;
    int startIndex = -1;
    for (int i = 0; i < packets.size(); i++) {
      PacketStamp packet = packets.get(i);
      if (packet.isKeyframe()) {
        lowestKeyPtsUs = Math.min(lowestKeyPtsUs, packet.ptsUs());
      }
      if (packet.ptsUs() < fromUs || packet.ptsUs() >= toUs) {
        continue;
      }
      if (packet.ptsUs() < lowestKeyPtsUs) {
        lowestLostUs = Math.min(lowestLostUs, packet.ptsUs());
      } else if (packet.ptsUs() < startUs) {
        startUs = packet.ptsUs();
        startIndex = i;
      }
    }
    if (startIndex < 0) {
      return Optional.empty();
    }
    int keyframe = keyframeFor(packets, startIndex, startUs, toUs);
    int last = startIndex;
    for (int i = keyframe; i < packets.size(); i++) {
      if (packets.get(i).ptsUs() >= startUs && packets.get(i).ptsUs() < toUs) {
        last = i;
      }
    }
    return Optional.of(new VideoCut(track, keyframe, last, startUs, lowestLostUs < startUs));
  }

  /**
   * The last keyframe that neither follows a presented picture in decoding order nor follows one in
   * presentation: leading pictures of an open GOP need the keyframe before.
   */
  private static int keyframeFor(
      List<PacketStamp> packets, int startIndex, long startUs, long toUs) {
    int firstPresented = startIndex;
    for (int i = startIndex - 1; i >= 0; i--) {
      if (packets.get(i).ptsUs() >= startUs && packets.get(i).ptsUs() < toUs) {
        firstPresented = i;
      }
    }
    int keyframe = -1;
    for (int i = 0; i <= startIndex && (keyframe < 0 || i <= firstPresented); i++) {
      if (packets.get(i).isKeyframe() && packets.get(i).ptsUs() <= startUs) {
        keyframe = i;
      }
    }
    return keyframe;
  }

  long startUs() {
    return startUs;
  }

  /** Stream time of tick 0 of {@link #toTrack}. */
  long zeroUs() {
    return track.packets().get(keyframe).dtsUs();
  }

  long keyframeUs() {
    return track.packets().get(keyframe).ptsUs();
  }

  /** Whether pictures of the window had to be left out because their keyframe is gone. */
  boolean isStartLost() {
    return isStartLost;
  }

  /**
   * End of the last picture. It lasts until the next one; where that is not known yet, as long as
   * it says or as long as pictures usually last; and over a gap until the end of the window.
   *
   * @param toUs end of the window
   * @param othersEndUs up to where other tracks have media
   */
  long endUs(long toUs, long othersEndUs) {
    PacketStamp lastPacket = lastPresented(toUs);
    long lastUs = lastPacket.ptsUs();
    long nominalUs = lastPacket.durationUs() > 0 ? lastPacket.durationUs() : usualUs;
    Optional<Long> next = nextPtsUs(lastUs);
    long lengthUs = nominalUs;
    if (next.isPresent()) {
      long distanceUs = next.get() - lastUs;
      lengthUs = isComplete(next.get()) ? distanceUs : Math.min(distanceUs, nominalUs);
    } else if (Math.min(toUs, othersEndUs) - lastUs > gapLimitUs()) {
      lengthUs = Math.min(toUs, othersEndUs) - lastUs;
    }
    return lengthUs <= gapLimitUs()
        ? lastUs + lengthUs
        : Math.min(lastUs + lengthUs, Math.max(toUs, lastUs + usualUs));
  }

  /** Stretches without a new picture, from {@code fromUs} on. */
  List<Gap> gaps(long fromUs, long endUs) {
    List<Gap> gaps = new ArrayList<>();
    if (startUs - fromUs > gapLimitUs()) {
      gaps.add(new Gap(fromUs, startUs - fromUs));
    }
    int index = Arrays.binarySearch(sortedPtsUs, startUs);
    for (int i = index; i < sortedPtsUs.length && sortedPtsUs[i] < endUs; i++) {
      long nextUs = i + 1 < sortedPtsUs.length ? Math.min(sortedPtsUs[i + 1], endUs) : endUs;
      if (nextUs - sortedPtsUs[i] > gapLimitUs()) {
        gaps.add(new Gap(sortedPtsUs[i] + usualUs, nextUs - sortedPtsUs[i] - usualUs));
      }
    }
    return gaps;
  }

  /**
   * @param originUs stream time of the clip's time 0, at or before {@link #startUs()}
   */
  TrackCut toTrack(long originUs, long endUs) {
    List<PacketStamp> packets = track.packets();
    List<CutSample> samples = new ArrayList<>(last - keyframe + 1);
    long firstUs = packets.get(keyframe).dtsUs();
    long decodeUs = 0;
    for (int i = keyframe; i <= last; i++) {
      PacketStamp packet = packets.get(i);
      if (isUndecodable(packet)) {
        continue;
      }
      long nextUs = decodeUs + usualUs;
      int next = nextKept(i);
      if (next < packets.size()) {
        nextUs = Math.max(decodeUs + 1, packets.get(next).dtsUs() - firstUs);
      }
      boolean isBeforeGap = i == last && nextUs - decodeUs > gapLimitUs();
      long durationUs = isBeforeGap ? usualUs : nextUs - decodeUs;
      samples.add(new CutSample(packet, decodeUs, durationUs, packet.ptsUs() - firstUs - decodeUs));
      decodeUs = nextUs;
    }
    List<CutEdit> edits = new ArrayList<>(2);
    if (startUs > originUs) {
      edits.add(CutEdit.nothing(startUs - originUs));
    }
    edits.add(new CutEdit(endUs - startUs, startUs - firstUs));
    return new TrackCut(track.index(), track.formats(), TIMESCALE_HZ, samples, edits);
  }

  /**
   * Leading pictures of the keyframe that copying begins with: they refer to what lies before it,
   * and some players give up over them. Nothing that is presented refers to them.
   */
  private boolean isUndecodable(PacketStamp packet) {
    return packet.ptsUs() < keyframeUs();
  }

  private int nextKept(int index) {
    int next = index + 1;
    while (next < track.packets().size() && isUndecodable(track.packets().get(next))) {
      next++;
    }
    return next;
  }

  private PacketStamp lastPresented(long toUs) {
    PacketStamp latest = null;
    for (PacketStamp packet : track.packets().subList(keyframe, last + 1)) {
      if (packet.ptsUs() < toUs && (latest == null || packet.ptsUs() > latest.ptsUs())) {
        latest = packet;
      }
    }
    if (latest == null) {
      throw new HalcyonException(ErrorCode.INTERNAL, "a cut without a picture");
    }
    return latest;
  }

  private Optional<Long> nextPtsUs(long ptsUs) {
    for (long candidate : sortedPtsUs) {
      if (candidate > ptsUs) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  /** Whether every picture before {@code ptsUs} has been seen, since dts never decreases. */
  private boolean isComplete(long ptsUs) {
    return track.packets().getLast().dtsUs() >= ptsUs;
  }

  private long gapLimitUs() {
    return Math.max(MIN_GAP_US, GAP_FRAMES * usualUs);
  }

  private long usualDistanceUs() {
    long[] distances = new long[sortedPtsUs.length];
    int count = 0;
    for (int i = 1; i < sortedPtsUs.length; i++) {
      if (sortedPtsUs[i] > sortedPtsUs[i - 1]) {
        distances[count++] = sortedPtsUs[i] - sortedPtsUs[i - 1];
      }
    }
    if (count == 0) {
      long ownUs = track.packets().get(keyframe).durationUs();
      return ownUs > 0 ? Math.min(ownUs, 1_000_000) : LONE_FRAME_US;
    }
    Arrays.sort(distances, 0, count);
    return distances[count / 2];
  }
}
