package dev.halcyon.core.cut;

import dev.halcyon.core.clip.Gap;
import java.util.List;
import java.util.Optional;

/**
 * What the epochs of a window give to one track of pictures.
 *
 * @param parts one an epoch that has a decodable picture in the window, in the order of time
 */
record PictureParts(List<VideoCut> parts) {
  static PictureParts of(int index, List<Piece> pieces, long fromUs, long toUs) {
    return new PictureParts(
        pieces.stream()
            .map(piece -> piece.track(index))
            .flatMap(Optional::stream)
            .filter(track -> !track.packets().isEmpty())
            .map(track -> VideoCut.of(track, fromUs, toUs))
            .flatMap(Optional::stream)
            .toList());
  }

  boolean isEmpty() {
    return parts.isEmpty();
  }

  VideoCut first() {
    return parts.getFirst();
  }

  long startUs() {
    return first().startUs();
  }

  /** As {@link VideoCut#endUs} says of the last epoch. */
  long endUs(long toUs, long othersEndUs) {
    return parts.getLast().endUs(toUs, othersEndUs);
  }

  /** Stretches without a new picture, from {@code fromUs} on. */
  List<Gap> gaps(long fromUs, long endUs) {
    return parts.size() == 1
        ? first().gaps(fromUs, endUs)
        : PictureGaps.of(toTrack(startUs(), endUs), fromUs, startUs(), endUs);
  }

  /**
   * @param originUs stream time of the clip's time 0, at or before {@link #startUs()}
   */
  TrackCut toTrack(long originUs, long endUs) {
    return TrackJoint.of(
        parts.stream()
            .map(part -> new TrackJoint.Part(part.toTrack(originUs, endUs), part.zeroUs()))
            .toList());
  }
}
