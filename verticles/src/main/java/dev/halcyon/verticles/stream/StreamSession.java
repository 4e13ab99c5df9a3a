package dev.halcyon.verticles.stream;

import dev.halcyon.codecs.bitstream.RandomAccess;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.AudioPacketLength;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.Track;
import dev.halcyon.core.media.VideoFormat;
import dev.halcyon.core.time.Clock;
import dev.halcyon.core.time.EpochClock;
import dev.halcyon.core.time.SampleClock;
import dev.halcyon.ring.RingWriter;
import dev.halcyon.verticles.ingest.Publication;
import dev.halcyon.verticles.ops.Metrics;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One publisher's connection to a stream. Owns time: turns the source's stamps into stream time,
 * begins epochs, and appends each packet to the ring. Every call comes on the one thread that
 * opened it.
 */
final class StreamSession implements Publication {
  private static final Logger log = LoggerFactory.getLogger(StreamSession.class);

  /** A track that is announced this soon after an epoch began joins it. */
  private static final long LATE_TRACK_US = 2_000_000;

  private static final long WARN_EVERY_US = 10_000_000;

  private final LiveStream stream;
  private final IngestMeter meter;
  private final Metrics metrics;
  private final Clock clock;
  private final Runnable disconnect;

  private final Track[] tracks = new Track[Track.MAX_TRACKS];
  private final SampleClock[] sampleClocks = new SampleClock[Track.MAX_TRACKS];
  private final boolean[] isStarted = new boolean[Track.MAX_TRACKS];

  /** In this epoch, of video. */
  private final int[] keyframes = new int[Track.MAX_TRACKS];

  private RingWriter writer;
  private EpochClock epochClock;
  private long epochStartUs;
  private boolean mustBeginEpoch = true;
  private boolean isClosed;
  private long droppedPackets;
  private long warnedAtUs = Long.MIN_VALUE;

  StreamSession(LiveStream stream, Metrics metrics, Clock clock, Runnable disconnect) {
    this.metrics = metrics;
    this.stream = stream;
    this.meter = stream.meter();
    this.clock = clock;
    this.disconnect = disconnect;
  }

  /** It is the stream's publisher now and may write; before anything else, on whatever thread. */
  void start(RingWriter ringWriter) {
    writer = ringWriter;
  }

  /** It is the publisher no more. */
  void stop() {
    writer.close();
  }

  /** Asks the transport to hang up; any thread. {@link #close} follows on the session's thread. */
  void disconnect() {
    disconnect.run();
  }

  @Override
  public void onTrack(Track track) {
    Track known = tracks[track.index()];
    if (isClosed || track.equals(known)) {
      return;
    }
    tracks[track.index()] = track;
    boolean isSameCodec = known != null && known.format().codec() == track.format().codec();
    if (mustBeginEpoch) {
      return;
    }
    boolean isLateTrack = known == null && epochClock.endUs() - epochStartUs <= LATE_TRACK_US;
    if (isSameCodec || isLateTrack) {
      writer.configure(track);
      restartSampleClock(track);
      stream.onTracks(liveTracks());
    } else {
      mustBeginEpoch = true;
    }
  }

  @Override
  public void onPacket(
      int trackIndex, boolean isKeyframe, long ptsUs, long dtsUs, ByteBuffer payload) {
    Track track = tracks[trackIndex];
    if (isClosed || track == null || !payload.hasRemaining()) {
      return;
    }
    if (track.isVideo() && !isStarted[trackIndex] && !isKeyframe) {
      droppedPackets++;
      return;
    }
    long arrivalUs = clock.wallUs();
    if (mustBeginEpoch || epochClock.isJump(trackIndex, dtsUs, arrivalUs)) {
      beginEpoch(dtsUs, arrivalUs);
      if (track.isVideo() && !isKeyframe) {
        droppedPackets++;
        return;
      }
    }
    isStarted[trackIndex] = true;
    if (isKeyframe && track.format() instanceof VideoFormat video) {
      onKeyframe(trackIndex, video, payload);
    }
    append(track, isKeyframe, ptsUs, dtsUs, arrivalUs, payload);
  }

  /** The first one begins afresh in any case; the second tells what the source goes on with. */
  private void onKeyframe(int trackIndex, VideoFormat format, ByteBuffer payload) {
    keyframes[trackIndex]++;
    if (keyframes[trackIndex] != 2 || format.codec() != Codec.H264) {
      return;
    }
    Bytes keyframe = Bytes.copyOf(payload);
    if (RandomAccess.beginsRefresh(format, keyframe)) {
      stream.alert(
          "NO_KEYFRAMES",
          "the source refreshes its pictures bit by bit: clips begin up to two refreshes early,"
              + " hidden by their edit list; exact=reencode encodes all of a clip");
    } else if (!RandomAccess.beginsAfresh(format, keyframe)) {
      stream.alert(
          "NO_IDR_PICTURES",
          "the source's keyframes are recovery points (open GOPs): some players cannot seek in"
              + " clips of it; exact=reencode encodes all of a clip");
    }
  }

  private void append(
      Track track,
      boolean isKeyframe,
      long sourcePtsUs,
      long sourceDtsUs,
      long arrivalUs,
      ByteBuffer payload) {
    int index = track.index();
    long stampUs = sourceDtsUs;
    long durationUs = 0;
    SampleClock sampleClock = sampleClocks[index];
    if (sampleClock != null) {
      int samples = AudioPacketLength.samples((AudioFormat) track.format(), payload);
      stampUs = sampleClock.next(sourceDtsUs, samples);
      durationUs = sampleClock.durationUs(samples);
    }
    long dtsUs = epochClock.dtsUs(index, stampUs, arrivalUs);
    long ptsUs = sampleClock != null ? dtsUs : epochClock.ptsUs(sourcePtsUs, dtsUs);
    int lengthBytes = payload.remaining();
    long startNs = clock.nanoTime();
    try {
      writer.append(index, isKeyframe, ptsUs, dtsUs, durationUs, arrivalUs, payload);
    } catch (HalcyonException refused) {
      droppedPackets++;
      warn(arrivalUs, refused);
      return;
    }
    metrics.ringAppended(clock.nanoTime() - startNs);
    metrics.ingested(lengthBytes);
    epochClock.extendTo(ptsUs + durationUs);
    meter.onPacket(index, track.isVideo(), dtsUs, lengthBytes, arrivalUs);
    meter.onEnd(epochClock.endUs());
  }

  @Override
  public void onDiscontinuity() {
    mustBeginEpoch = true;
  }

  @Override
  public void onSeam(int trackIndex) {
    if (!isClosed && tracks[trackIndex] != null) {
      restartSampleClock(tracks[trackIndex]);
    }
  }

  @Override
  public void onAlert(String code, String message) {
    if (!isClosed) {
      stream.alert(code, message);
    }
  }

  private void beginEpoch(long sourceDtsUs, long arrivalUs) {
    endEpoch();
    epochStartUs =
        meter.lastArrivalUs() == IngestMeter.NO_TIME
            ? 0
            : EpochClock.resumeAtUs(meter.endUs(), meter.lastArrivalUs(), arrivalUs);
    epochClock = new EpochClock(sourceDtsUs, epochStartUs);
    mustBeginEpoch = false;
    meter.forgetTracks();
    List<Track> live = liveTracks();
    int epoch = stream.nextEpoch();
    writer.beginEpoch(epoch, epochStartUs, arrivalUs);
    for (Track track : live) {
      isStarted[track.index()] = false;
      keyframes[track.index()] = 0;
      writer.configure(track);
      restartSampleClock(track);
    }
    stream.onEpoch(epoch, live);
  }

  /** Before anybody hears that it is over: the last picture's end belongs to it. */
  private void endEpoch() {
    if (epochClock != null) {
      epochClock.extendTo(writer.endEpoch());
      meter.onEnd(epochClock.endUs());
    }
  }

  private void restartSampleClock(Track track) {
    sampleClocks[track.index()] =
        track.format() instanceof AudioFormat audio && AudioPacketLength.countsSamples(audio)
            ? new SampleClock(AudioPacketLength.rateHz(audio))
            : null;
  }

  private List<Track> liveTracks() {
    List<Track> live = new ArrayList<>();
    for (Track track : tracks) {
      if (track != null) {
        live.add(track);
      }
    }
    return live;
  }

  private void warn(long nowUs, HalcyonException refused) {
    if (warnedAtUs == Long.MIN_VALUE || nowUs - warnedAtUs >= WARN_EVERY_US) {
      warnedAtUs = nowUs;
      log.warn(
          "packets not kept [stream={}, dropped={}, reason={}]",
          stream.id(),
          droppedPackets,
          refused.getMessage());
      stream.alert(
          "PACKETS_DROPPED", droppedPackets + " packets not kept: " + refused.getMessage());
    }
  }

  @Override
  public void close(String reason) {
    if (!isClosed) {
      isClosed = true;
      meter.onSilence();
      endEpoch();
      stream.onSessionClosed(this, reason);
    }
  }
}
