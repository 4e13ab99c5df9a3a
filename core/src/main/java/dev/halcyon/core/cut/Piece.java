package dev.halcyon.core.cut;

import dev.halcyon.core.clip.Crossing;
import dev.halcyon.core.clip.EpochSpan;
import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.TrackFormat;
import dev.halcyon.core.media.VideoFormat;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What one epoch gives to a window. Immutable.
 *
 * @param tracks with those that gave nothing; video first, in the order of their index
 */
record Piece(int epoch, List<TrackPackets> tracks) {
  /** A track may be announced that much later than its epoch begins, or stay silent so long. */
  private static final long LATE_TRACK_US = 2_000_000;

  /** A picture or a packet is not held for longer than fits into a file: 2^31 us are 35 minutes. */
  private static final long MOST_APART_US = 30 * 60 * 1_000_000L;

  /**
   * The epochs of which something is presented in a window, in the order of time; of a window
   * inside of one long packet, that packet's.
   */
  static List<Piece> of(EpochSpan epochs, long fromUs, long toUs, List<TrackPackets> tracks) {
    List<Integer> numbers =
        packets(tracks)
            .filter(packet -> packet.ptsUs() >= fromUs && packet.ptsUs() < toUs)
            .map(PacketStamp::epoch)
            .filter(epochs::contains)
            .distinct()
            .sorted()
            .toList();
    if (numbers.isEmpty()) {
      numbers =
          packets(tracks)
              .filter(packet -> packet.ptsUs() < fromUs && epochs.contains(packet.epoch()))
              .max(Comparator.comparingLong(PacketStamp::ptsUs))
              .map(PacketStamp::epoch)
              .stream()
              .toList();
    }
    return numbers.stream().map(epoch -> of(epoch, tracks)).toList();
  }

  private static Piece of(int epoch, List<TrackPackets> tracks) {
    return new Piece(
        epoch,
        tracks.stream()
            .filter(track -> track.isOf(epoch))
            .map(track -> track.ofEpoch(epoch))
            .sorted(
                Comparator.comparing((TrackPackets track) -> !track.isVideo())
                    .thenComparing(TrackPackets::index))
            .toList());
  }

  private static Stream<PacketStamp> packets(List<TrackPackets> tracks) {
    return tracks.stream().flatMap(track -> track.packets().stream());
  }

  /** How many of the pieces, from the first on, make one clip. */
  static int together(List<Piece> pieces, Crossing crossing) {
    int count = Math.min(1, pieces.size());
    while (crossing == Crossing.STITCH
        && count < pieces.size()
        && pieces.get(count).canFollow(pieces.subList(0, count))) {
      count++;
    }
    return count;
  }

  /** Without the sound that lies before the first picture of all or behind the last. */
  static List<Piece> withPicturesAtEnds(List<Piece> pieces) {
    List<Piece> kept = new ArrayList<>(pieces);
    if (pieces.stream().anyMatch(piece -> piece.video().isPresent())) {
      while (kept.getFirst().video().isEmpty()) {
        kept.removeFirst();
      }
      while (kept.getLast().video().isEmpty()) {
        kept.removeLast();
      }
    }
    return kept;
  }

  private boolean canFollow(List<Piece> before) {
    return startUs() - before.getLast().endUs() <= MOST_APART_US
        && before.stream().allMatch(this::agreesWith);
  }

  /** Whether players go on from one to the other: the same tracks, coded alike. */
  private boolean agreesWith(Piece other) {
    return hasAllOf(other) && other.hasAllOf(this);
  }

  private boolean hasAllOf(Piece other) {
    return other.tracks.stream()
        .allMatch(
            theirs ->
                track(theirs.index())
                    .map(own -> isAlike(own.formats().getLast(), theirs.formats().getLast()))
                    .orElse(endUs() - startUs() < LATE_TRACK_US));
  }

  /** Parameter sets and picture sizes may differ; what a sound decoder is set up with may not. */
  static boolean isAlike(TrackFormat one, TrackFormat other) {
    if (one.codec() != other.codec()) {
      return false;
    }
    if (one instanceof VideoFormat video && other instanceof VideoFormat otherVideo) {
      return video.display().orientation().equals(otherVideo.display().orientation());
    }
    return one instanceof AudioFormat sound
        && other instanceof AudioFormat otherSound
        && sound.sampleRateHz() == otherSound.sampleRateHz()
        && sound.channels() == otherSound.channels();
  }

  Optional<TrackPackets> track(int index) {
    return tracks.stream().filter(track -> track.index() == index).findFirst();
  }

  /** The track that a clip of it is snapped to; empty where no picture came. */
  Optional<TrackPackets> video() {
    return tracks.stream()
        .filter(track -> track.isVideo() && !track.packets().isEmpty())
        .findFirst();
  }

  private long startUs() {
    return times().getMin();
  }

  private long endUs() {
    return times().getMax();
  }

  private LongSummaryStatistics times() {
    return packets(tracks).mapToLong(PacketStamp::ptsUs).summaryStatistics();
  }
}
