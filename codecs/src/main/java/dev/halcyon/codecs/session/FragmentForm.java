package dev.halcyon.codecs.session;

import dev.halcyon.codecs.mp4.MovieFragment;
import dev.halcyon.codecs.mp4.Mp4File;
import dev.halcyon.codecs.mp4.Mp4Track;
import dev.halcyon.codecs.mp4.SampleTable;
import dev.halcyon.core.error.HalcyonException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Recorded packets as plain fragmented MP4.
 *
 * @param originsUs stream time of each track's time 0
 */
record FragmentForm(TrackPlan plan, List<Long> originsUs) {
  /** Of every track: stream time is in microseconds. */
  static final int TIMESCALE_HZ = 1_000_000;

  FragmentForm {
    originsUs = List.copyOf(originsUs);
  }

  /** All tracks with the same time 0. */
  static FragmentForm from(TrackPlan plan, long originUs) {
    return new FragmentForm(plan, plan.tracks().stream().map(track -> originUs).toList());
  }

  /**
   * The head of a file whose samples are all in fragments, and that presents all of them.
   *
   * @throws HalcyonException UNSUPPORTED_MEDIA or CORRUPT_MEDIA when MP4 does not carry a track
   */
  ByteBuffer fileHead() {
    return Mp4File.beginning(
            plan.tracks().stream()
                .map(
                    track ->
                        new Mp4Track(
                            List.of(track.format()), TIMESCALE_HZ, new SampleTable(), List.of()))
                .toList())
        .head();
  }

  /**
   * Everything of a fragment before its payloads.
   *
   * @param packets track by track
   */
  ByteBuffer fragmentHead(int number, List<? extends TimedPacket> packets) {
    List<MovieFragment.Run> runs = new ArrayList<>();
    for (List<? extends TimedPacket> ofTrack : byTrack(packets)) {
      TimedPacket first = ofTrack.getFirst();
      int place = plan.place(first.track());
      runs.add(
          new MovieFragment.Run(
              place, Math.max(0, first.dtsUs() - originsUs.get(place)), samples(ofTrack)));
    }
    return MovieFragment.of(number, runs).head();
  }

  /** Packets that lie track by track, cut up. */
  static List<List<? extends TimedPacket>> byTrack(List<? extends TimedPacket> packets) {
    int[] starts =
        IntStream.range(0, packets.size())
            .filter(i -> i == 0 || packets.get(i).track() != packets.get(i - 1).track())
            .toArray();
    List<List<? extends TimedPacket>> tracks = new ArrayList<>();
    for (int i = 0; i < starts.length; i++) {
      int end = i + 1 < starts.length ? starts[i + 1] : packets.size();
      tracks.add(packets.subList(starts[i], end));
    }
    return tracks;
  }

  static SampleTable samples(List<? extends TimedPacket> packets) {
    SampleTable samples = new SampleTable();
    long distanceUs = 1;
    for (int i = 0; i < packets.size(); i++) {
      TimedPacket packet = packets.get(i);
      if (i + 1 < packets.size()) {
        distanceUs = Math.max(1, packets.get(i + 1).dtsUs() - packet.dtsUs());
      } else if (packet.durationUs() > 0) {
        distanceUs = packet.durationUs();
      }
      samples.add(
          packet.sizeBytes(),
          Math.min(distanceUs, Integer.MAX_VALUE),
          packet.ptsUs() - packet.dtsUs(),
          packet.isKeyframe() ? SampleTable.Kind.SYNC : SampleTable.Kind.OTHER,
          0);
    }
    return samples;
  }
}
