package dev.halcyon.verticles.ingest.rtp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.codecs.mux.CodedPacket;
import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.ingest.RecordingPublication;
import dev.halcyon.verticles.ingest.media.BufferAccount;
import dev.halcyon.verticles.ingest.sound.SoundEncoding;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** A receiver with a clock of its own and what it handed over. Its memory must come back. */
final class ReceiverRun implements AutoCloseable, Clock {
  static final int MAX_BUFFER_BYTES = 4 << 20;
  static final long WAIT_MS = 100;

  final RecordingPublication publication = new RecordingPublication();
  final AtomicLong heldBytes = new AtomicLong();
  final List<Integer> keyframeWishes = new ArrayList<>();
  final MediaReceiver receiver;
  private long nowNs = 1_000_000_000L;

  ReceiverRun(List<MediaReceiver.Medium> media) {
    this(
        media,
        WAIT_MS,
        (rateHz, channels, sink) -> {
          throw new AssertionError("no sound is to be encoded");
        });
  }

  ReceiverRun(
      List<MediaReceiver.Medium> media, long reorderWaitMs, SoundEncoding.Factory encodings) {
    receiver =
        new MediaReceiver(
            media,
            publication,
            new MediaReceiver.Options(reorderWaitMs),
            new BufferAccount(MAX_BUFFER_BYTES, heldBytes),
            encodings,
            keyframeWishes::add,
            this);
  }

  @Override
  public long wallUs() {
    return nowNs / 1_000;
  }

  @Override
  public long nanoTime() {
    return nowNs;
  }

  ReceiverRun atUs(long us) {
    nowNs = 1_000_000_000L + us * 1_000;
    return this;
  }

  ReceiverRun passMs(long ms) {
    nowNs += ms * 1_000_000;
    receiver.poll();
    return this;
  }

  ReceiverRun send(int medium, byte[] datagram) {
    receiver.onRtp(medium, ByteBuffer.wrap(datagram));
    return this;
  }

  ReceiverRun control(int medium, byte[] datagram) {
    receiver.onRtcp(medium, ByteBuffer.wrap(datagram));
    return this;
  }

  /** Sends each when the card would. */
  ReceiverRun send(List<CardRtp.Sent> all) {
    for (CardRtp.Sent one : all) {
      atUs(one.atUs()).send(one.medium(), one.datagram());
      receiver.poll();
    }
    return this;
  }

  RecordingPublication.Packet packet(int track, int index) {
    return publication.packets(track).get(index);
  }

  /** Holds what came of a track against what was sent: all of it, at the right times. */
  void assertArrived(int track, List<CodedPacket> units, long toleranceUs) {
    List<RecordingPublication.Packet> packets = publication.packets(track);
    assertEquals(units.size(), packets.size());
    long shiftUs = packets.getFirst().ptsUs() - units.getFirst().ptsUs();
    long lastDtsUs = Long.MIN_VALUE;
    for (int i = 0; i < units.size(); i++) {
      RecordingPublication.Packet packet = packets.get(i);
      CodedPacket unit = units.get(i);
      assertEquals(unit.payload(), packet.payload(), "payload " + i);
      assertEquals(unit.isKeyframe(), packet.isKeyframe(), "keyframe " + i);
      assertNear(unit.ptsUs() + shiftUs, packet.ptsUs(), toleranceUs, "pts " + i);
      assertNear(unit.dtsUs() + shiftUs, packet.dtsUs(), toleranceUs, "dts " + i);
      assertTrue(packet.dtsUs() <= packet.ptsUs(), "dts after pts " + i);
      assertTrue(packet.dtsUs() > lastDtsUs, "dts does not grow " + i);
      lastDtsUs = packet.dtsUs();
    }
  }

  static void assertNear(long expected, long actual, long tolerance, String what) {
    assertTrue(
        Math.abs(expected - actual) <= tolerance, () -> what + ": " + expected + " " + actual);
  }

  @Override
  public void close() {
    receiver.close();
    assertEquals(0, heldBytes.get(), "memory that did not come back");
  }
}
