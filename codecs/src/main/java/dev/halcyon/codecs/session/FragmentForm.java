package dev.halcyon.codecs.session;

import dev.halcyon.codecs.mp4.MovieFragment;
import dev.halcyon.codecs.mp4.Mp4File;
import dev.halcyon.codecs.mp4.Mp4Track;
import dev.halcyon.codecs.mp4.SampleTable;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Track;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** What of a session file is plain fragmented MP4, for players. One thread. */
final class FragmentForm {
  private final List<Track> tracks;
  private final long originUs;

  /**
   * @param originUs stream time of the file's time 0
   */
  FragmentForm(List<Track> tracks, long originUs) {
    this.tracks = tracks;
    this.originUs = originUs;
  }

  /**
   * @throws HalcyonException UNSUPPORTED_MEDIA or CORRUPT_MEDIA when MP4 does not carry a track
   */
  ByteBuffer fileHead() {
    return Mp4File.beginning(
            tracks.stream()
                .map(
                    track ->
                        new Mp4Track(
                            List.of(track.format()),
                            SessionLayout.TIMESCALE_HZ,
                            new SampleTable(),
                            List.of()))
                .toList())
        .head();
  }

  /**
   * Everything of a fragment before its payloads.
   *
   * @param packets track by track
   */
  ByteBuffer fragmentHead(int number, List<RangePacket> packets) {
    List<MovieFragment.Run> runs = new ArrayList<>();
    for (int first = 0; first < packets.size(); ) {
      int end = first + 1;
      while (end < packets.size() && packets.get(end).track() == packets.get(first).track()) {
        end++;
      }
      runs.add(run(packets.subList(first, end)));
      first = end;
    }
    return MovieFragment.of(number, runs).head();
  }

  private MovieFragment.Run run(List<RangePacket> packets) {
    SampleTable samples = new SampleTable();
    long usualUs = 1;
    for (int i = 0; i < packets.size(); i++) {
      RangePacket packet = packets.get(i);
      if (i + 1 < packets.size()) {
        usualUs = Math.max(1, packets.get(i + 1).dtsUs() - packet.dtsUs());
      } else if (packet.durationUs() > 0) {
        usualUs = packet.durationUs();
      }
      samples.add(
          packet.sizeBytes(),
          Math.min(usualUs, Integer.MAX_VALUE),
          packet.ptsUs() - packet.dtsUs(),
          packet.isKeyframe() ? SampleTable.Kind.SYNC : SampleTable.Kind.OTHER,
          0);
    }
    RangePacket first = packets.getFirst();
    return new MovieFragment.Run(
        place(first.track()), Math.max(0, first.dtsUs() - originUs), samples);
  }

  /** Of a track in the file. */
  private int place(int trackIndex) {
    for (int place = 0; place < tracks.size(); place++) {
      if (tracks.get(place).index() == trackIndex) {
        return place;
      }
    }
    throw new IllegalArgumentException("no such track in the file [track=" + trackIndex + "]");
  }
}
