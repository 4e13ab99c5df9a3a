package dev.halcyon.verticles.ingest.whip;

import dev.halcyon.core.media.MediaKind;
import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.ingest.Publication;
import dev.halcyon.verticles.ingest.media.BufferAccount;
import dev.halcyon.verticles.ingest.rtp.MediaReceiver;
import dev.halcyon.verticles.ingest.sound.SoundEncoding;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What a publisher sends once its packets are opened: sorts them by medium, hands them to the
 * receiver, and says how it goes: what is missing, what came when, when a keyframe is needed. One
 * thread, the event loop's; closed by the session, which closes the publication.
 */
final class WhipMedia implements AutoCloseable {
  private static final SecureRandom RANDOM = new SecureRandom();

  /** What is asked for again needs a round trip to come. */
  private static final long REORDER_WAIT_MS = 250;

  private static final long REPORT_NS = TimeUnit.SECONDS.toNanos(1);
  private static final long FEEDBACK_NS = TimeUnit.MILLISECONDS.toNanos(60);

  private static final SoundEncoding.Factory NO_ENCODING =
      (rateHz, channels, sink) -> {
        throw new IllegalStateException("Opus is kept as it is");
      };

  private final List<OfferedMedium.Accepted> accepted;
  private final Medium[] byPayloadType = new Medium[128];
  private final List<Medium> media = new ArrayList<>();
  private final Map<Integer, Medium> bySource = new HashMap<>();
  private final KeyframeWatch keyframes;
  private final MediaReceiver receiver;
  private final TransportFeedback arrivals;
  private final Consumer<byte[]> control;
  private final Clock clock;
  private final boolean mayShrink;
  private final int ownSsrc = RANDOM.nextInt() | 1;
  private long nextReportNs;
  private long nextFeedbackNs;

  /** One of them as the receiver counts them. */
  private static final class Medium {
    private final int index;
    private final OfferedMedium.Accepted accepted;
    private final MissingPackets missing = new MissingPackets();
    private boolean hasSource;
    private int ssrc;

    Medium(int index, OfferedMedium.Accepted accepted) {
      this.index = index;
      this.accepted = accepted;
    }
  }

  /**
   * @param control sends a control packet to the publisher, protected
   */
  WhipMedia(
      WhipOffer offer,
      Publication publication,
      long keyframeIntervalMs,
      BufferAccount account,
      Consumer<byte[]> control,
      Clock clock) {
    this.accepted = offer.accepted();
    this.mayShrink = offer.mayShrink();
    this.control = control;
    this.clock = clock;
    this.keyframes = new KeyframeWatch(publication, keyframeIntervalMs, clock.nanoTime());
    this.arrivals = new TransportFeedback(clock.nanoTime());
    for (OfferedMedium.Accepted each : accepted) {
      Medium medium = new Medium(media.size(), each);
      media.add(medium);
      byPayloadType[each.format().payloadType()] = medium;
      each.retransmission().ifPresent(type -> byPayloadType[type] = medium);
    }
    this.receiver =
        new MediaReceiver(
            accepted.stream()
                .map(each -> new MediaReceiver.Medium(each.kind(), each.format()))
                .toList(),
            keyframes,
            new MediaReceiver.Options(REORDER_WAIT_MS),
            account,
            NO_ENCODING,
            index -> keyframes.need(),
            clock);
  }

  /** Takes an RTP packet that was opened; it may be changed. */
  void onRtp(byte[] packet, int length) {
    Medium medium = byPayloadType[RtpHeader.payloadType(packet)];
    if (medium == null) {
      return;
    }
    long nowNs = clock.nanoTime();
    keyframes.at(nowNs);
    int headerBytes = SrtpReceiver.headerBytes(packet, length);
    OptionalInt id = medium.accepted.transportWideId();
    if (id.isPresent()) {
      RtpHeader.extension(packet, headerBytes, id.getAsInt())
          .ifPresent(sequence -> arrivals.onPacket(sequence, nowNs));
    }
    int payloadType = medium.accepted.format().payloadType();
    int restored = length;
    if (RtpHeader.payloadType(packet) != payloadType) {
      restored =
          medium.hasSource
              ? RtpHeader.restore(packet, length, headerBytes, payloadType, medium.ssrc)
              : 0;
    } else {
      note(medium, RtpHeader.ssrc(packet));
    }
    if (restored > 0) {
      medium.missing.onPacket(medium.ssrc, RtpHeader.sequence(packet), nowNs);
      receiver.onRtp(medium.index, ByteBuffer.wrap(packet, 0, restored));
    }
  }

  private void note(Medium medium, int ssrc) {
    if (!medium.hasSource || medium.ssrc != ssrc) {
      bySource.values().remove(medium);
      bySource.put(ssrc, medium);
      medium.hasSource = true;
      medium.ssrc = ssrc;
    }
  }

  /** Takes a compound control packet that was opened; one of an unknown source is passed over. */
  void onRtcp(byte[] packet, int length) {
    Medium medium = bySource.get(ByteBuffer.wrap(packet).getInt(4));
    if (medium != null) {
      keyframes.at(clock.nanoTime());
      receiver.onRtcp(medium.index, ByteBuffer.wrap(packet, 0, length));
    }
  }

  /** Every 20 ms or so. */
  void poll() {
    long nowNs = clock.nanoTime();
    keyframes.at(nowNs);
    receiver.poll();
    for (Medium medium : media) {
      if (medium.accepted.gives("nack")) {
        medium.missing.ask(ownSsrc, nowNs).ifPresent(this::sendFeedback);
      }
    }
    if (nowNs - nextFeedbackNs >= 0) {
      nextFeedbackNs = nowNs + FEEDBACK_NS;
      media.stream()
          .filter(medium -> medium.hasSource)
          .findFirst()
          .flatMap(medium -> arrivals.report(ownSsrc, medium.ssrc))
          .ifPresent(this::sendFeedback);
    }
    if (nowNs - nextReportNs >= 0) {
      nextReportNs = nowNs + REPORT_NS;
      media.forEach(medium -> receiver.report(medium.index, ownSsrc).ifPresent(control));
    }
    askForKeyframe();
  }

  private void askForKeyframe() {
    if (!keyframes.mustAsk()) {
      return;
    }
    for (Medium medium : media) {
      if (medium.accepted.kind() == MediaKind.VIDEO && medium.accepted.gives("nack pli")) {
        receiver
            .keyframeRequest(medium.index, ownSsrc)
            .ifPresent(
                request -> {
                  keyframes.asked();
                  sendFeedback(request);
                });
      }
    }
  }

  /** Who does not take small packets gets an empty report before each (RFC 3550, 6.1). */
  private void sendFeedback(byte[] packet) {
    if (mayShrink) {
      control.accept(packet);
      return;
    }
    ByteBuffer out = ByteBuffer.allocate(8 + packet.length);
    out.put((byte) 0x80).put((byte) 201).putShort((short) 1).putInt(ownSsrc);
    control.accept(out.put(packet).array());
  }

  /** Hands over what still waits. */
  @Override
  public void close() {
    receiver.close();
  }
}
