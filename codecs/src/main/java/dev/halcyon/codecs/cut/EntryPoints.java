package dev.halcyon.codecs.cut;

import dev.halcyon.codecs.bitstream.RandomAccess;
import dev.halcyon.core.cut.PacketStamp;
import dev.halcyon.core.cut.TrackPackets;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.VideoFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Finds out where decoding really begins. Pictures that are refreshed bit by bit (periodic intra
 * refresh of H.264) have no keyframe: what their source calls so is where a refresh begins, and it
 * is complete when the next one does. No state.
 */
final class EntryPoints {
  private EntryPoints() {}

  /**
   * The tracks with keyframes from which all that is presented is right.
   *
   * @param fromUs where the presentation begins
   * @param payloads of their packets
   */
  static List<TrackPackets> of(
      List<TrackPackets> tracks, long fromUs, Function<PacketStamp, Bytes> payloads) {
    return tracks.stream()
        .map(
            track ->
                track.formats().getFirst().codec() == Codec.H264
                    ? of(track, fromUs, payloads)
                    : track)
        .toList();
  }

  private static TrackPackets of(
      TrackPackets track, long fromUs, Function<PacketStamp, Bytes> payloads) {
    List<PacketStamp> packets = track.packets();
    long startUs =
        packets.stream()
            .mapToLong(PacketStamp::ptsUs)
            .filter(ptsUs -> ptsUs >= fromUs)
            .min()
            .orElse(Long.MAX_VALUE);
    int entry = -1;
    int before = -1;
    for (int i = 0; i < packets.size(); i++) {
      if (packets.get(i).isKeyframe() && packets.get(i).ptsUs() <= startUs) {
        before = entry;
        entry = i;
      }
    }
    return before >= 0 && isRefreshBegun(track, packets.get(entry), payloads)
        ? onlyUpTo(before, track)
        : track;
  }

  private static boolean isRefreshBegun(
      TrackPackets track, PacketStamp entry, Function<PacketStamp, Bytes> payloads) {
    VideoFormat format = (VideoFormat) track.formats().get(entry.formatIndex());
    return RandomAccess.beginsRefresh(format, payloads.apply(entry));
  }

  /** Later ones are no places to begin at, either: not for who seeks in the file. */
  private static TrackPackets onlyUpTo(int lastKeyframe, TrackPackets track) {
    List<PacketStamp> packets = new ArrayList<>(track.packets());
    for (int i = lastKeyframe + 1; i < packets.size(); i++) {
      packets.set(i, packets.get(i).notKeyframe());
    }
    return track.withPackets(packets);
  }
}
