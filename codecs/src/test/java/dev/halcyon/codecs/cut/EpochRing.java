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
import java.util.TreeMap;

/** For tests: a ring into which test cards go one after the other, each as an epoch of its own. */
final class EpochRing implements AutoCloseable {
  private final Ring ring;
  private final RingWriter writer;
  private final List<Epoch> epochs = new ArrayList<>();
  private int appendedEpochs;
  private int appendedPackets;

  /**
   * One publisher's connection.
   *
   * @param startUs stream time of its first packet
   * @param pictures frames by stream time
   */
  record Epoch(
      TestCard card, long startUs, List<CodedPacket> packets, TreeMap<Long, Integer> pictures) {
    int firstFrameFrom(long us) {
      return pictures.ceilingEntry(us).getValue();
    }

    int lastFrameBefore(long us) {
      return pictures.lowerEntry(us).getValue();
    }

    /** When the last packet of sound ends; that of the last picture without. */
    long soundEndUs() {
      return packets.stream()
          .filter(packet -> !packet.track().isVideo())
          .mapToLong(packet -> streamUs(packet.ptsUs()) + packet.durationUs())
          .max()
          .orElse(pictures.lastKey());
    }

    /** When its media ends. */
    long endUs() {
      return Math.max(pictures.lastKey(), soundEndUs());
    }

    /** Stamps in whole milliseconds, as RTMP has them. */
    private long streamUs(long sourceUs) {
      return startUs + Math.round((sourceUs - packets.getFirst().dtsUs()) / 1e3) * 1_000;
    }
  }

  EpochRing(Path file) {
    this.ring = Ring.create(file, new RingOptions(64L << 20, 3_600_000_000L));
    this.writer = ring.writer();
  }

  Ring ring() {
    return ring;
  }

  /** The packets of a card. */
  static List<CodedPacket> coded(TestCard card, long lengthUs) {
    List<CodedPacket> packets = new ArrayList<>();
    try (TestCardSource source = TestCardSource.of(card, lengthUs)) {
      for (Optional<CodedPacket> next = source.next(); next.isPresent(); next = source.next()) {
        packets.add(next.get());
      }
    }
    return packets;
  }

  /** A publisher who will begin at a stream time. */
  EpochRing then(TestCard card, long lengthUs, long startUs) {
    return then(card, coded(card, lengthUs), startUs);
  }

  EpochRing then(TestCard card, List<CodedPacket> packets, long startUs) {
    Epoch epoch = new Epoch(card, startUs, packets, new TreeMap<>());
    packets.stream()
        .filter(packet -> packet.track().isVideo())
        .map(packet -> epoch.streamUs(packet.ptsUs()))
        .sorted()
        .forEach(us -> epoch.pictures().put(us, epoch.pictures().size()));
    epochs.add(epoch);
    return this;
  }

  Epoch epoch(int number) {
    return epochs.get(number);
  }

  EpochRing all() {
    appendUntil(Long.MAX_VALUE);
    return this;
  }

  /** Lets the stream go on up to a decoding time. */
  void appendUntil(long dtsUs) {
    while (appendedEpochs < epochs.size()) {
      Epoch epoch = epochs.get(appendedEpochs);
      while (appendedPackets < epoch.packets().size()) {
        CodedPacket packet = epoch.packets().get(appendedPackets);
        if (epoch.streamUs(packet.dtsUs()) >= dtsUs) {
          return;
        }
        append(epoch, packet);
        appendedPackets++;
      }
      appendedEpochs++;
      appendedPackets = 0;
    }
  }

  private void append(Epoch epoch, CodedPacket packet) {
    if (appendedPackets == 0) {
      writer.beginEpoch(appendedEpochs, epoch.startUs(), epoch.startUs());
      announced(epoch).forEach(writer::configure);
    }
    writer.configure(packet.track());
    writer.append(
        packet.track().index(),
        packet.isKeyframe(),
        epoch.streamUs(packet.ptsUs()),
        epoch.streamUs(packet.dtsUs()),
        0,
        0,
        packet.payload().asBuffer());
  }

  /** The first configuration of each track. */
  private static List<Track> announced(Epoch epoch) {
    TreeMap<Integer, Track> first = new TreeMap<>();
    epoch.packets().forEach(packet -> first.putIfAbsent(packet.track().index(), packet.track()));
    return List.copyOf(first.values());
  }

  @Override
  public void close() {
    writer.close();
    ring.close();
  }
}
