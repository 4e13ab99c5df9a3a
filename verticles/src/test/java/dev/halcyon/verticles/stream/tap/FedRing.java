package dev.halcyon.verticles.stream.tap;

import dev.halcyon.codecs.mux.CodedPacket;
import dev.halcyon.codecs.testcard.TestCard;
import dev.halcyon.codecs.testcard.TestCardSource;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.ring.Ring;
import dev.halcyon.ring.RingOptions;
import dev.halcyon.ring.RingWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** For tests: a ring that is fed by hand. One thread. */
final class FedRing implements AutoCloseable {
  private static final long WALL_US = 1_795_132_800_000_000L;

  final Ring ring;
  private final RingWriter writer;
  private int epoch = -1;

  FedRing(Path folder, long capacityBytes) {
    ring =
        Ring.create(
            folder.resolve("ring-" + System.nanoTime()),
            new RingOptions(capacityBytes, 600_000_000));
    writer = ring.writer();
  }

  static List<CodedPacket> packets(TestCard card, long durationUs) {
    List<CodedPacket> packets = new ArrayList<>();
    try (TestCardSource source = TestCardSource.of(card, durationUs)) {
      for (Optional<CodedPacket> packet = source.next();
          packet.isPresent();
          packet = source.next()) {
        packets.add(packet.get());
      }
    }
    return packets;
  }

  void beginEpoch(long streamUs) {
    epoch++;
    writer.beginEpoch(epoch, streamUs, WALL_US + streamUs);
  }

  /** Appends packets, {@code shiftUs} later than they say. */
  void feed(List<CodedPacket> packets, long shiftUs) {
    feed(packets, shiftUs, UnaryOperator.identity());
  }

  /** As {@link #feed(List, long)}, with each packet changed on its way. */
  void feed(List<CodedPacket> packets, long shiftUs, UnaryOperator<CodedPacket> change) {
    for (CodedPacket whole : packets) {
      CodedPacket packet = change.apply(whole.shifted(shiftUs));
      writer.configure(packet.track());
      writer.append(
          packet.track().index(),
          packet.isKeyframe(),
          packet.ptsUs(),
          packet.dtsUs(),
          packet.durationUs(),
          WALL_US + packet.dtsUs(),
          packet.payload().asBuffer());
    }
  }

  static CodedPacket withPayload(CodedPacket packet, byte[] payload) {
    return new CodedPacket(
        packet.track(),
        packet.isKeyframe(),
        packet.ptsUs(),
        packet.dtsUs(),
        packet.durationUs(),
        Bytes.copyOf(payload));
  }

  static long count(List<CodedPacket> packets, boolean isVideo) {
    return packets.stream().filter(packet -> packet.track().isVideo() == isVideo).count();
  }

  @Override
  public void close() {
    writer.close();
    ring.close();
  }
}
