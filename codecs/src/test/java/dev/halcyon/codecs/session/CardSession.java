package dev.halcyon.codecs.session;

import dev.halcyon.codecs.mux.CodedPacket;
import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardSource;
import dev.halcyon.core.media.Track;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** For tests: a test card recorded GOP by GOP, as it would be from a ring. */
public final class CardSession {
  private final List<CodedPacket> packets = new ArrayList<>();
  private final List<RangePacket> pending = new ArrayList<>();
  private SessionWriter writer;

  private CardSession() {}

  /** Records into new files: one, or as many as the card has configurations. */
  public static void record(Recording recording, TestCard card, long durationUs)
      throws IOException {
    CardSession session = new CardSession();
    try (TestCardSource source = TestCardSource.of(card, durationUs)) {
      List<Track> tracks = new ArrayList<>(source.tracks());
      for (Optional<CodedPacket> next = source.next(); next.isPresent(); next = source.next()) {
        session.add(recording, tracks, next.get());
      }
      session.flush(recording, tracks);
    }
    session.writer.close();
  }

  private void add(Recording recording, List<Track> tracks, CodedPacket packet) throws IOException {
    boolean isKey = packet.isKeyframe() && packet.track().isVideo();
    boolean isNewFormat = !tracks.contains(packet.track());
    if (isKey || isNewFormat) {
      flush(recording, tracks);
    }
    if (isNewFormat) {
      tracks.replaceAll(old -> old.index() == packet.track().index() ? packet.track() : old);
      writer.close();
      writer = null;
    }
    pending.add(
        new RangePacket(
            packet.track().index(),
            packet.isKeyframe(),
            pending.size(),
            packet.ptsUs(),
            packet.dtsUs(),
            packet.durationUs(),
            packet.payload().length(),
            packets.size()));
    packets.add(packet);
  }

  private void flush(Recording recording, List<Track> tracks) throws IOException {
    if (pending.isEmpty()) {
      return;
    }
    if (writer == null) {
      SessionHead head = new SessionHead(new UUID(1, 2), new UUID(3, 4), 0, 0, 0, 0, 0, 0, tracks);
      writer = recording.begin(head, pending.getFirst().dtsUs());
    }
    boolean isStart = pending.getFirst().isKeyframe();
    writer.append(
        new ClosedRange(pending, isStart, Seam.CONTINUOUS, 0),
        (packet, target) -> target.put(packets.get((int) packet.position()).payload().asBuffer()));
    pending.clear();
  }
}
