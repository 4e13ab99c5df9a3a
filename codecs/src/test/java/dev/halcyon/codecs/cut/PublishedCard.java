package dev.halcyon.codecs.cut;

import dev.halcyon.codecs.mux.CodedPacket;
import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardSource;
import dev.halcyon.core.media.Track;
import dev.halcyon.ring.Ring;
import dev.halcyon.ring.RingOptions;
import dev.halcyon.ring.RingWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** A test card that goes into a ring step by step, as if it were published. */
final class PublishedCard implements AutoCloseable {
  private final Ring ring;
  private final RingWriter writer;
  private final List<CodedPacket> packets = new ArrayList<>();
  private final List<Long> pictures = new ArrayList<>();
  private int appended;

  PublishedCard(Path file, TestCard card, long lengthUs, long ringBytes) {
    ring = Ring.create(file, new RingOptions(ringBytes, 3_600_000_000L));
    writer = ring.writer();
    try (TestCardSource source = TestCardSource.of(card, lengthUs)) {
      beginEpoch(0, 0, source.tracks());
      for (Optional<CodedPacket> next = source.next(); next.isPresent(); next = source.next()) {
        packets.add(next.get());
      }
    }
    packets.stream()
        .filter(packet -> packet.track().isVideo())
        .map(CodedPacket::ptsUs)
        .sorted()
        .forEach(pictures::add);
  }

  private void beginEpoch(int epoch, long streamUs, List<Track> tracks) {
    writer.beginEpoch(epoch, streamUs, streamUs);
    tracks.forEach(writer::configure);
  }

  void beginEpoch(int epoch, long streamUs) {
    beginEpoch(epoch, streamUs, packets.stream().map(CodedPacket::track).distinct().toList());
  }

  Ring ring() {
    return ring;
  }

  /** Lets the stream go on up to a decoding time. */
  void appendUntil(long dtsUs) {
    appendUntil(dtsUs, track -> true);
  }

  /** As if the camera were off meanwhile. */
  void appendSoundUntil(long dtsUs) {
    appendUntil(dtsUs, track -> !track.isVideo());
  }

  private void appendUntil(long dtsUs, Predicate<Track> isSent) {
    while (appended < packets.size() && packets.get(appended).dtsUs() < dtsUs) {
      CodedPacket packet = packets.get(appended++);
      Track track = packet.track();
      if (!isSent.test(track)) {
        continue;
      }
      writer.configure(track);
      writer.append(
          track.index(),
          packet.isKeyframe(),
          packet.ptsUs(),
          packet.dtsUs(),
          0,
          0,
          packet.payload().asBuffer());
    }
  }

  /** Presentation time of a frame. */
  long pictureUs(int frame) {
    return pictures.get(frame);
  }

  int firstFrameFrom(long us) {
    int frame = 0;
    while (pictures.get(frame) < us) {
      frame++;
    }
    return frame;
  }

  @Override
  public void close() {
    writer.close();
    ring.close();
  }
}
