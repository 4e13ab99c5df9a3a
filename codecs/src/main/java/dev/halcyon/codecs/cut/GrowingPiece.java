package dev.halcyon.codecs.cut;

import dev.halcyon.codecs.mp4.MovieFragment;
import dev.halcyon.codecs.mp4.Mp4File;
import dev.halcyon.codecs.mp4.Mp4Track;
import dev.halcyon.codecs.mp4.SampleRange;
import dev.halcyon.codecs.mp4.SampleTable;
import dev.halcyon.core.cut.CutSample;
import dev.halcyon.core.cut.GrowingTrack;
import dev.halcyon.core.cut.PacketStamp;
import java.util.ArrayList;
import java.util.List;

/** Gathers samples of all tracks of a growing cut into one piece of a file. Not thread-safe. */
final class GrowingPiece {
  private final List<GrowingTrack> tracks;
  private final List<Column> columns = new ArrayList<>();
  private long sizeBytes;

  private static final class Column {
    final SampleTable samples = new SampleTable();
    final List<PacketStamp> packets = new ArrayList<>();
    long startTicks;
    long endTicks;
  }

  GrowingPiece(List<GrowingTrack> tracks) {
    this.tracks = tracks;
    tracks.forEach(track -> columns.add(new Column()));
  }

  /**
   * @param track index into the cut's tracks
   */
  void add(int track, CutSample sample) {
    Column column = columns.get(track);
    if (column.packets.isEmpty()) {
      column.startTicks = sample.decodeTicks();
    }
    PacketStamp packet = sample.packet();
    column.packets.add(packet);
    column.samples.add(
        packet.sizeBytes(),
        sample.durationTicks(),
        sample.compositionOffsetTicks(),
        packet.isKeyframe() ? SampleTable.Kind.SYNC : SampleTable.Kind.OTHER,
        packet.formatIndex());
    column.endTicks = sample.decodeTicks() + sample.durationTicks();
    sizeBytes += packet.sizeBytes();
  }

  boolean isEmpty() {
    return columns.stream().allMatch(column -> column.packets.isEmpty());
  }

  /** Payloads only. */
  long sizeBytes() {
    return sizeBytes;
  }

  /** Whether the track's next sample has another format than those that were gathered of it. */
  boolean isAtNewFormat(int track) {
    List<PacketStamp> packets = columns.get(track).packets;
    int next = tracks.get(track).nextFormatIndex().orElse(-1);
    return next >= 0 && !packets.isEmpty() && packets.getFirst().formatIndex() != next;
  }

  /** Of the longest track. */
  long lengthUs() {
    long longestUs = 0;
    for (int i = 0; i < columns.size(); i++) {
      longestUs = Math.max(longestUs, lengthUs(i));
    }
    return longestUs;
  }

  long lengthUs(int track) {
    Column column = columns.get(track);
    long ticks = column.endTicks - column.startTicks;
    return ticks * 1_000_000 / tracks.get(track).timescaleHz();
  }

  /**
   * The piece as the beginning of a file.
   *
   * @param longestUs how long the clip may become
   */
  RingPiece toBeginning(long longestUs) {
    List<Mp4Track> out = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      GrowingTrack track = tracks.get(i);
      out.add(
          new Mp4Track(
              track.formats(),
              track.timescaleHz(),
              columns.get(i).samples,
              track.edits(longestUs)));
    }
    Mp4File file = Mp4File.beginning(out);
    List<RingPiece.Payload> payloads = new ArrayList<>();
    for (SampleRange range : file.layout()) {
      for (int i = range.first(); i < range.first() + range.count(); i++) {
        payloads.add(payload(range.track(), columns.get(range.track()).packets.get(i)));
      }
    }
    return new RingPiece(file.head(), payloads);
  }

  /**
   * The piece as what follows others; samples of a track are of one format.
   *
   * @param sequence from 1
   */
  RingPiece toFragment(int sequence) {
    return toFragment(sequence, new long[columns.size()]);
  }

  /**
   * @param shiftsTicks what is added to each track's decoding times
   */
  RingPiece toFragment(int sequence, long[] shiftsTicks) {
    List<MovieFragment.Run> runs = new ArrayList<>();
    List<RingPiece.Payload> payloads = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      Column column = columns.get(i);
      if (!column.packets.isEmpty()) {
        runs.add(new MovieFragment.Run(i, column.startTicks + shiftsTicks[i], column.samples));
        for (PacketStamp packet : column.packets) {
          payloads.add(payload(i, packet));
        }
      }
    }
    return new RingPiece(MovieFragment.of(sequence, runs).head(), payloads);
  }

  private RingPiece.Payload payload(int track, PacketStamp packet) {
    return RingPiece.Payload.of(packet, tracks.get(track).formats().get(packet.formatIndex()));
  }
}
