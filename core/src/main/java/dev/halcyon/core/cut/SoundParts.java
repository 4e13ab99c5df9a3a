package dev.halcyon.core.cut;

import dev.halcyon.core.clip.Gap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the epochs of a window give to one track of sound.
 *
 * @param parts one an epoch that has sound in the window, in the order of time
 */
record SoundParts(List<AudioCut> parts) {
  /** Each track of sound that gives anything around the window, in the order of their index. */
  static List<SoundParts> all(List<Piece> pieces, long fromUs, long toUs) {
    return pieces.stream()
        .flatMap(piece -> piece.tracks().stream())
        .filter(track -> !track.isVideo() && !track.packets().isEmpty())
        .map(TrackPackets::index)
        .distinct()
        .sorted()
        .map(index -> of(index, pieces, fromUs, toUs))
        .toList();
  }

  private static SoundParts of(int index, List<Piece> pieces, long fromUs, long toUs) {
    return new SoundParts(
        pieces.stream()
            .map(piece -> piece.track(index))
            .flatMap(Optional::stream)
            .filter(track -> !track.packets().isEmpty())
            .map(track -> AudioCut.of(track, AudioTimeline.of(track), fromUs, toUs))
            .flatMap(Optional::stream)
            .toList());
  }

  boolean isEmpty() {
    return parts.isEmpty();
  }

  long startUs() {
    return parts.getFirst().startUs();
  }

  long endUs() {
    return parts.getLast().endUs();
  }

  long firstCopiedUs() {
    return parts.getFirst().firstCopiedUs();
  }

  /** Stretches without a sample between {@code fromUs} and {@code toUs}. */
  List<Gap> gaps(long fromUs, long toUs) {
    if (isEmpty()) {
      return List.of(new Gap(fromUs, toUs - fromUs));
    }
    List<Gap> gaps = new ArrayList<>();
    long heardUs = fromUs;
    for (AudioCut part : parts) {
      gaps.addAll(part.gaps(heardUs, part == parts.getLast() ? toUs : part.endUs()));
      heardUs = part.endUs();
    }
    return gaps;
  }

  /**
   * With silence where there is no sound between its first and its last.
   *
   * @param originUs stream time of the clip's time 0
   */
  TrackCut toTrack(long originUs, long endUs) {
    return Silence.filled(
        TrackJoint.of(
            parts.stream()
                .map(
                    part ->
                        new TrackJoint.Part(part.toTrack(originUs, endUs), part.firstCopiedUs()))
                .toList()));
  }
}
