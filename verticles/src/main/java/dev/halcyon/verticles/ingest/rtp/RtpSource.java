package dev.halcyon.verticles.ingest.rtp;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/**
 * The one source that a track listens to: follows its sequence numbers (RFC 3550, appendix A.1),
 * orders its packets, counts what is lost. Another source on the same track is ignored while this
 * one lives, and replaces it after. One thread.
 */
final class RtpSource {
  /** RFC 3550: a jump within these is loss or lateness, beyond is a source that began anew. */
  private static final int MAX_DROPOUT = 3_000;

  private static final int MAX_MISORDER = 1_000;

  /** Of the source so far, before another one is believed. */
  private static final long SILENCE_NS = TimeUnit.MILLISECONDS.toNanos(500);

  private static final int NO_SEQUENCE = -1;

  private final ReorderBuffer order;
  private final Sink sink;
  private final int payloadType;
  private final int clockHz;
  private final RtpPacket packet = new RtpPacket();
  private final RtpPacket ordered = new RtpPacket();
  private final RtpCounts counts;
  private ReceptionStatistics statistics;
  private boolean isStarted;
  private int ssrc;
  private long highestSequence;
  private int restartSequence = NO_SEQUENCE;
  private long lastPacketNs;
  private boolean hasBegunAnew;

  /** What the packets of one source are, in order. */
  interface Sink {
    void onPacket(RtpPacket packet, long arrivalNs);

    /** Packets before the next one will not come. */
    void onLost(long packets);

    /** What follows has nothing to do with what came before: numbers and times are others. */
    void onNewSource();
  }

  RtpSource(
      int payloadType, int clockHz, ReorderBuffer.Limits limits, RtpCounts counts, Sink sink) {
    this.payloadType = payloadType;
    this.clockHz = clockHz;
    this.counts = counts;
    this.sink = sink;
    this.order = new ReorderBuffer(limits, new Ordered());
    this.statistics = new ReceptionStatistics(clockHz);
  }

  /** Takes a datagram, which need not be an RTP packet of this track. */
  void onDatagram(ByteBuffer datagram, long nowNs) {
    counts.packets++;
    if (!packet.parse(datagram)) {
      counts.malformedPackets++;
    } else if (packet.payloadType() != payloadType) {
      counts.foreignPackets++; // Comfort noise, retransmissions, events.
    } else if (!isStarted || packet.ssrc() == ssrc) {
      follow(nowNs);
    } else if (nowNs - lastPacketNs >= SILENCE_NS) {
      beginAnew(nowNs);
    } else {
      counts.foreignPackets++;
    }
  }

  private void follow(long nowNs) {
    if (!isStarted) {
      begin(nowNs);
      return;
    }
    int sequence = packet.sequence();
    int step = (short) (sequence - (int) highestSequence);
    if (step > MAX_DROPOUT || step < -MAX_MISORDER) {
      if (sequence == restartSequence) {
        beginAnew(nowNs);
      } else {
        restartSequence = (sequence + 1) & 0xffff;
        counts.foreignPackets++;
      }
      return;
    }
    restartSequence = NO_SEQUENCE;
    take(highestSequence + step, nowNs);
  }

  private void begin(long nowNs) {
    isStarted = true;
    ssrc = packet.ssrc();
    // So high that packets which overtook the first one stay above zero.
    highestSequence = 0x1_0000L + packet.sequence();
    restartSequence = NO_SEQUENCE;
    take(highestSequence, nowNs);
  }

  private void beginAnew(long nowNs) {
    order.flush();
    statistics = new ReceptionStatistics(clockHz);
    hasBegunAnew = true;
    begin(nowNs);
  }

  private void take(long sequence, long nowNs) {
    lastPacketNs = nowNs;
    statistics.onPacket(sequence, packet.timestamp(), nowNs);
    boolean isBehind = sequence < highestSequence;
    highestSequence = Math.max(highestSequence, sequence);
    if (!order.accept(sequence, packet.bytes(), nowNs)) {
      counts.latePackets++;
    } else if (isBehind) {
      counts.reorderedPackets++;
    }
  }

  /** Gives up what has been waited for too long. */
  void poll(long nowNs) {
    order.poll(nowNs);
  }

  /** Passes on what still waits for a packet before it. */
  void flush() {
    order.flush();
  }

  /** The source said goodbye: the next one need not wait for its silence. */
  void leave() {
    lastPacketNs -= SILENCE_NS;
  }

  /** Whether a report of this source is one of ours. */
  boolean is(int reported) {
    return isStarted && reported == ssrc;
  }

  boolean isStarted() {
    return isStarted;
  }

  int ssrc() {
    return ssrc;
  }

  ReceptionStatistics statistics() {
    return statistics;
  }

  private final class Ordered implements ReorderBuffer.Sink {
    @Override
    public void onPacket(long sequence, ByteBuffer datagram, long arrivalNs) {
      if (hasBegunAnew) {
        hasBegunAnew = false;
        sink.onNewSource();
      }
      if (ordered.parse(datagram)) {
        sink.onPacket(ordered, arrivalNs);
      }
    }

    @Override
    public void onLost(long packets) {
      counts.lostPackets += packets;
      sink.onLost(packets);
    }
  }
}
