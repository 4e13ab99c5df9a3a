package dev.halcyon.codecs.session;

import dev.halcyon.codecs.mp4.Mp4File;
import dev.halcyon.codecs.mp4.Mp4Track;
import dev.halcyon.codecs.mp4.SampleRange;
import dev.halcyon.codecs.mp4.SampleTable;
import dev.halcyon.core.cut.CutEdit;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The beginning of an export: its head, whose sample tables hold the fragments up to the first
 * picture shown, and where the payloads of those lie. Players that honour the start of an edit list
 * only among the samples of the head begin exactly with this.
 *
 * @param regions in the order of the export
 */
record ExportFront(FragmentForm form, ByteBuffer head, List<Region> regions) {
  /** Bytes of the file that a part lies in. */
  record Region(int part, long offset, long lengthBytes) {
    private boolean isFollowedBy(int nextPart, long nextOffset) {
      return part == nextPart && offset + lengthBytes == nextOffset;
    }
  }

  /** A packet of one of the first parts. */
  private record Placed(int part, SessionPacket packet) {}

  ExportFront {
    regions = List.copyOf(regions);
  }

  /** Blocking. */
  static ExportFront of(TrackPlan plan, ExportedWindow window) throws IOException {
    List<List<Placed>> tracks =
        plan.tracks().stream().map(t -> (List<Placed>) new ArrayList<Placed>()).toList();
    for (int part = 0; part < window.leadingParts(); part++) {
      for (SessionPacket packet : window.packetsOf(part)) {
        tracks.get(plan.place(packet.track())).add(new Placed(part, packet));
      }
    }
    List<Long> originsUs = new ArrayList<>();
    List<Mp4Track> written = new ArrayList<>();
    for (int place = 0; place < tracks.size(); place++) {
      List<SessionPacket> packets = tracks.get(place).stream().map(Placed::packet).toList();
      long originUs = packets.isEmpty() ? window.startUs() : packets.getFirst().dtsUs();
      originsUs.add(originUs);
      written.add(
          new Mp4Track(
              List.of(plan.tracks().get(place).format()),
              FragmentForm.TIMESCALE_HZ,
              packets.isEmpty() ? new SampleTable() : FragmentForm.samples(packets),
              edits(packets, originUs, window)));
    }
    Mp4File beginning = Mp4File.beginning(written);
    return new ExportFront(
        new FragmentForm(plan, originsUs), beginning.head(), regions(tracks, beginning.layout()));
  }

  private static List<CutEdit> edits(
      List<SessionPacket> packets, long originUs, ExportedWindow window) {
    long firstUs = packets.stream().mapToLong(SessionPacket::ptsUs).min().orElse(originUs);
    long lengthUs = window.endUs() - window.startUs();
    if (firstUs <= window.startUs()) {
      return List.of(new CutEdit(lengthUs, window.startUs() - originUs));
    }
    long lateUs = Math.min(firstUs - window.startUs(), lengthUs - 1);
    return List.of(CutEdit.nothing(lateUs), new CutEdit(lengthUs - lateUs, firstUs - originUs));
  }

  private static List<Region> regions(List<List<Placed>> tracks, List<SampleRange> layout) {
    List<Region> regions = new ArrayList<>();
    for (SampleRange range : layout) {
      List<Placed> run =
          tracks.get(range.track()).subList(range.first(), range.first() + range.count());
      for (Placed placed : run) {
        SessionPacket packet = placed.packet();
        Region last = regions.isEmpty() ? null : regions.getLast();
        if (last != null && last.isFollowedBy(placed.part(), packet.offset())) {
          regions.removeLast();
          regions.add(
              new Region(last.part(), last.offset(), last.lengthBytes() + packet.sizeBytes()));
        } else {
          regions.add(new Region(placed.part(), packet.offset(), packet.sizeBytes()));
        }
      }
    }
    return regions;
  }

  long sizeBytes() {
    return head.remaining() + regions.stream().mapToLong(Region::lengthBytes).sum();
  }
}
