package dev.halcyon.verticles.ingest.rtp;

import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.AudioPacketLength;
import dev.halcyon.core.media.MediaKind;
import dev.halcyon.core.media.TrackFormat;
import dev.halcyon.core.time.EpochClock;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * One track of a publisher: from datagrams to access units with times of its own, in microseconds
 * since its first packet. One thread; closed by the receiver.
 */
final class RtpTrack implements AutoCloseable, RtcpReader.Sink {
  private static final long NONE = Long.MIN_VALUE;

  /** Stamps that went through milliseconds jitter by as much. */
  private static final long MIN_SEAM_US = 1_000;

  private final int index;
  private final Sink sink;
  private final RtpCounts counts;
  private final RtpSource source;
  private final TrackClock clock;
  private final Depacketizer depacketizer;
  private final MediaKind kind;
  private DecodeTimes decodeTimes = new DecodeTimes();
  private TrackFormat format;
  private int reorderPictures;
  private long pictureUs;
  private long arrivalNs;
  private long lastPacketNs;
  private long endUs = NONE;

  /** What comes out of a track. Calls come within those to it, or from its sound's encoding. */
  interface Sink {
    void onFormat(RtpTrack track, TrackFormat format);

    /**
     * @param isSeam whether it does not adjoin the sound before it
     * @param unit valid during the call
     */
    void onUnit(
        RtpTrack track,
        boolean isKeyframe,
        boolean isSeam,
        long ptsUs,
        long dtsUs,
        ByteBuffer unit);

    /** Media of this relative time came now. */
    void onArrival(RtpTrack track, long relativeUs, long arrivalUs);

    void onReport(RtpTrack track);

    /** Its times begin anew. */
    void onNewSource(RtpTrack track);

    /**
     * Its stamps leapt, although it is the same source.
     *
     * @return whether its times begin anew; else they go on
     */
    boolean onLeap(RtpTrack track);

    void onKeyframeNeeded(RtpTrack track);

    void onFailure(RtpTrack track, String reason);
  }

  /**
   * @param opener makes the depacketizer
   */
  RtpTrack(
      int index,
      MediaKind kind,
      RtpFormat rtp,
      ReorderBuffer.Limits limits,
      RtpCounts counts,
      Sink sink,
      Function<UnitSink, Depacketizer> opener) {
    this.index = index;
    this.kind = kind;
    this.sink = sink;
    this.counts = counts;
    this.clock = new TrackClock(rtp.clockHz());
    this.source = new RtpSource(rtp.payloadType(), rtp.clockHz(), limits, counts, new Packets());
    this.depacketizer = opener.apply(new Units());
  }

  int index() {
    return index;
  }

  /** Tells the format, if it is known before any packet. */
  void announce() {
    depacketizer.announce();
  }

  void onRtp(ByteBuffer datagram, long nowNs) {
    source.onDatagram(datagram, nowNs);
  }

  void onRtcp(ByteBuffer datagram, long nowNs) {
    arrivalNs = nowNs;
    if (!RtcpReader.read(datagram, this)) {
      counts.malformedPackets++;
    }
  }

  @Override
  public void onSenderReport(int ssrc, long ntp, int rtpStamp) {
    // A report may come before the first packet; one of zeros says that there is no clock.
    if (ntp != 0 && (!source.isStarted() || source.is(ssrc))) {
      clock.onSenderReport(ntp, rtpStamp);
      source.statistics().onSenderReport((int) (ntp >>> 16), arrivalNs);
      sink.onReport(this);
    }
  }

  @Override
  public void onGoodbye(int ssrc) {
    if (source.is(ssrc)) {
      source.leave();
    }
  }

  void poll(long nowNs) {
    source.poll(nowNs);
  }

  /** Passes on what still waits for a packet before it. */
  void flush() {
    source.flush();
  }

  OptionalLong originNtpUs() {
    return clock.originNtpUs();
  }

  RtpSource source() {
    return source;
  }

  /** Whether a packet has come since its times began. */
  boolean hasBegun() {
    return clock.isStarted();
  }

  /** Begins its times anew: a picture must be decodable without those before. */
  void restart() {
    clock.restart();
    decodeTimes = new DecodeTimes();
    decodeTimes.learn(reorderPictures, pictureUs);
    endUs = NONE;
    depacketizer.restart();
  }

  @Override
  public void close() {
    depacketizer.close();
  }

  private final class Packets implements RtpSource.Sink {
    @Override
    public void onPacket(RtpPacket packet, long packetArrivalNs) {
      followLeap(packet.timestamp(), packetArrivalNs);
      arrivalNs = packetArrivalNs;
      lastPacketNs = packetArrivalNs;
      long ticks = clock.ticks(packet.timestamp());
      if (kind == MediaKind.AUDIO) {
        arrived(clock.relativeUs(ticks));
      }
      try {
        depacketizer.onPacket(ticks, packet.isMarker(), packet.payload());
      } catch (HalcyonException unusable) {
        switch (unusable.code()) {
          case CORRUPT_MEDIA, UNSUPPORTED_MEDIA, PROTOCOL_VIOLATION -> {
            counts.malformedPackets++;
            depacketizer.onLost(1);
          }
          default -> throw unusable;
        }
      }
    }

    @Override
    public void onLost(long packets) {
      depacketizer.onLost(packets);
    }

    @Override
    public void onNewSource() {
      sink.onNewSource(RtpTrack.this);
    }
  }

  /** A publisher whose clock was set sends on with other stamps, and no other sign of it. */
  private void followLeap(int stamp, long packetNs) {
    long waitedUs = Math.max(0, TimeUnit.NANOSECONDS.toMicros(packetNs - lastPacketNs));
    boolean hasLeapt = clock.isStarted() && EpochClock.isLeap(clock.stepUs(stamp), waitedUs);
    if (hasLeapt && !sink.onLeap(this)) {
      clock.leap(stamp, waitedUs);
    }
  }

  private void arrived(long relativeUs) {
    sink.onArrival(this, relativeUs, TimeUnit.NANOSECONDS.toMicros(arrivalNs));
  }

  private final class Units implements UnitSink {
    @Override
    public void onFormat(TrackFormat now, int statedReorderPictures, long statedPictureUs) {
      format = now;
      reorderPictures = statedReorderPictures;
      pictureUs = statedPictureUs;
      decodeTimes.learn(reorderPictures, pictureUs);
      sink.onFormat(RtpTrack.this, now);
    }

    @Override
    public void onUnit(long ticks, boolean isKeyframe, ByteBuffer unit) {
      long ptsUs = clock.relativeUs(ticks);
      switch (format) {
        case AudioFormat audio -> onSound(audio, ptsUs, unit);
        default -> {
          long dtsUs = decodeTimes.next(ptsUs);
          arrived(dtsUs);
          sink.onUnit(RtpTrack.this, isKeyframe, false, ptsUs, dtsUs, unit);
        }
      }
    }

    private void onSound(AudioFormat audio, long ptsUs, ByteBuffer unit) {
      int samples = AudioPacketLength.samples(audio, unit);
      long lengthUs = samples * 1_000_000L / AudioPacketLength.rateHz(audio);
      long apartUs = endUs == NONE ? 0 : Math.abs(ptsUs - endUs);
      boolean isSeam = apartUs > Math.max(MIN_SEAM_US, lengthUs / 2);
      endUs = ptsUs + lengthUs;
      sink.onUnit(RtpTrack.this, true, isSeam, ptsUs, ptsUs, unit);
    }

    @Override
    public void onKeyframeNeeded() {
      sink.onKeyframeNeeded(RtpTrack.this);
    }

    @Override
    public void onFailure(String reason) {
      sink.onFailure(RtpTrack.this, reason);
    }
  }
}
