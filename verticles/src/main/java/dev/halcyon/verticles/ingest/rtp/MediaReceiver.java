package dev.halcyon.verticles.ingest.rtp;

import dev.halcyon.core.media.MediaKind;
import dev.halcyon.core.media.Track;
import dev.halcyon.core.media.TrackFormat;
import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.ingest.Publication;
import dev.halcyon.verticles.ingest.media.BufferAccount;
import dev.halcyon.verticles.ingest.sound.SoundEncoding;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * All that one publisher sends by RTP: takes datagrams, puts them in order and together, gives the
 * tracks one time line, and hands access units to a publication. Used by every transport that
 * carries RTP. One thread: the publication's event loop; closed by the transport, which closes the
 * publication itself.
 */
public final class MediaReceiver implements AutoCloseable {
  /**
   * What a medium is kept as.
   *
   * @param kind video tracks come before audio ones in a publication
   */
  public record Medium(MediaKind kind, RtpFormat format) {}

  /**
   * How much disorder is borne.
   *
   * @param reorderWaitMs how long a packet waits for those before it; 0 on a transport that keeps
   *     order
   */
  public record Options(long reorderWaitMs) {}

  /** What the transport can do about it. */
  public interface Feedback {
    /** Nothing can be decoded before the next keyframe. */
    void onKeyframeNeeded(int medium);
  }

  /** After a new source, stamps lie so far ahead that the session begins an epoch. */
  private static final long EPOCH_STEP_US = TimeUnit.HOURS.toMicros(1);

  /** All tracks of a publisher whose clock was set leap within this time. */
  private static final long LEAP_SPREAD_NS = TimeUnit.SECONDS.toNanos(5);

  private final Publication publication;
  private final Clock clock;
  private final Feedback feedback;
  private final RtpCounts counts = new RtpCounts();
  private final LossReport losses;
  private final List<RtpTrack> tracks = new ArrayList<>();
  private final int[] trackOfMedium;
  private final int[] mediumOfTrack;
  private final Events events = new Events();
  private TrackAlignment alignment;
  private StartGate gate;
  private boolean isOpen;
  private long baseUs;
  private final Set<RtpTrack> leapt = new HashSet<>();
  private long leapNs;

  /**
   * @param media what the transport carries; datagrams come by their index
   * @throws dev.halcyon.core.error.HalcyonException UNSUPPORTED_MEDIA; see {@link
   *     PayloadFormats#require}
   */
  public MediaReceiver(
      List<Medium> media,
      Publication publication,
      Options options,
      BufferAccount account,
      SoundEncoding.Factory encodings,
      Feedback feedback,
      Clock clock) {
    this.publication = publication;
    this.clock = clock;
    this.feedback = feedback;
    this.losses = new LossReport(counts, publication);
    this.trackOfMedium = new int[media.size()];
    this.mediumOfTrack = new int[media.size()];
    long waitNs = TimeUnit.MILLISECONDS.toNanos(options.reorderWaitMs());
    ReorderBuffer.Limits limits =
        waitNs == 0 ? ReorderBuffer.Limits.NONE : ReorderBuffer.Limits.waiting(waitNs);
    for (MediaKind kind : List.of(MediaKind.VIDEO, MediaKind.AUDIO)) {
      for (int i = 0; i < media.size(); i++) {
        RtpFormat format = media.get(i).format();
        if (media.get(i).kind() == kind) {
          trackOfMedium[i] = tracks.size();
          mediumOfTrack[tracks.size()] = i;
          tracks.add(
              new RtpTrack(
                  tracks.size(),
                  kind,
                  format,
                  limits,
                  counts,
                  events,
                  sink -> PayloadFormats.open(format, sink, counts, account, encodings)));
        }
      }
    }
    begin();
  }

  private void begin() {
    alignment = new TrackAlignment(tracks.size(), track -> tracks.get(track).originNtpUs());
    gate = new StartGate(tracks.size());
    isOpen = false;
    tracks.forEach(RtpTrack::announce);
  }

  /**
   * Takes an RTP packet.
   *
   * @param datagram from position to limit; valid during the call
   */
  public void onRtp(int medium, ByteBuffer datagram) {
    long nowNs = clock.nanoTime();
    tracks.get(trackOfMedium[medium]).onRtp(datagram, nowNs);
    openIfReady(nowNs);
  }

  /** Takes a compound RTCP packet. */
  public void onRtcp(int medium, ByteBuffer datagram) {
    tracks.get(trackOfMedium[medium]).onRtcp(datagram, clock.nanoTime());
  }

  /** Gives up what has been waited for too long; call it every 20 ms or so. */
  public void poll() {
    long nowNs = clock.nanoTime();
    for (RtpTrack track : tracks) {
      track.poll(nowNs);
    }
    openIfReady(nowNs);
    losses.poll(nowNs);
  }

  /** A receiver report on a medium; empty before its first packet. */
  public Optional<byte[]> report(int medium, int ownSsrc) {
    RtpSource source = tracks.get(trackOfMedium[medium]).source();
    if (!source.isStarted()) {
      return Optional.empty();
    }
    return Optional.of(
        RtcpWriter.report(ownSsrc, source.ssrc(), source.statistics().report(clock.nanoTime())));
  }

  /** An RTCP packet that asks for a keyframe; empty before the medium's first packet. */
  public Optional<byte[]> keyframeRequest(int medium, int ownSsrc) {
    RtpSource source = tracks.get(trackOfMedium[medium]).source();
    return source.isStarted()
        ? Optional.of(RtcpWriter.pictureLoss(ownSsrc, source.ssrc()))
        : Optional.empty();
  }

  public RtpCounts counts() {
    return counts;
  }

  /** Hands over what still waits; nothing may follow. */
  @Override
  public void close() {
    tracks.forEach(RtpTrack::flush);
    if (!isOpen) {
      open();
    }
    tracks.forEach(RtpTrack::close);
  }

  private void openIfReady(long nowNs) {
    if (!isOpen && gate.mayOpen(nowNs)) {
      open();
    }
  }

  private void open() {
    isOpen = true;
    gate.present().forEach(alignment::place);
    Optional<StartGate.Held> held = nextHeld();
    while (held.isPresent()) {
      switch (held.get()) {
        case StartGate.HeldFormat(RtpTrack track, TrackFormat format) ->
            publication.onTrack(new Track(track.index(), format));
        case StartGate.HeldUnit unit ->
            hand(
                unit.track(),
                unit.isKeyframe(),
                unit.isSeam(),
                unit.ptsUs(),
                unit.dtsUs(),
                unit.unit().asBuffer());
      }
      held = nextHeld();
    }
  }

  private Optional<StartGate.Held> nextHeld() {
    return gate.next(track -> alignment.offsetUs(track.index()));
  }

  private void hand(
      RtpTrack track, boolean isKeyframe, boolean isSeam, long ptsUs, long dtsUs, ByteBuffer unit) {
    if (isSeam) {
      publication.onSeam(track.index());
    }
    long offsetUs = baseUs + alignment.offsetUs(track.index());
    publication.onPacket(track.index(), isKeyframe, ptsUs + offsetUs, dtsUs + offsetUs, unit);
  }

  private final class Events implements RtpTrack.Sink {
    @Override
    public void onFormat(RtpTrack track, TrackFormat format) {
      if (isOpen) {
        publication.onTrack(new Track(track.index(), format));
      } else {
        gate.hold(new StartGate.HeldFormat(track, format));
      }
    }

    @Override
    public void onUnit(
        RtpTrack track,
        boolean isKeyframe,
        boolean isSeam,
        long ptsUs,
        long dtsUs,
        ByteBuffer unit) {
      if (!isOpen) {
        gate.hold(track, isKeyframe, isSeam, ptsUs, dtsUs, unit, clock.nanoTime());
        return;
      }
      if (!alignment.isPlaced(track.index())) {
        alignment.place(track.index());
      }
      hand(track, isKeyframe, isSeam, ptsUs, dtsUs, unit);
    }

    @Override
    public void onArrival(RtpTrack track, long relativeUs, long arrivalUs) {
      alignment.observe(track.index(), relativeUs, arrivalUs);
    }

    @Override
    public void onReport(RtpTrack track) {
      if (isOpen) {
        alignment.onReport(track.index()).ifPresent(this::onMove);
      }
    }

    private void onMove(TrackAlignment.Move move) {
      move.tracks().forEach(publication::onSeam);
      publication.onAlert(
          "TRACKS_ALIGNED",
          "tracks %s moved by %d us: the sender's reports say so"
              .formatted(move.tracks(), move.byUs()));
    }

    @Override
    public void onNewSource(RtpTrack track) {
      if (!track.hasBegun()) {
        return; // Another track's new source has begun all of them anew already.
      }
      if (!isOpen) {
        open();
      }
      baseUs += EPOCH_STEP_US;
      tracks.forEach(RtpTrack::restart);
      begin();
    }

    /** The first track that leaps begins an epoch; the others follow it into that one. */
    @Override
    public boolean onLeap(RtpTrack track) {
      long nowNs = clock.nanoTime();
      boolean isFollowing =
          !leapt.isEmpty() && !leapt.contains(track) && nowNs - leapNs < LEAP_SPREAD_NS;
      if (!isFollowing) {
        leapt.clear();
        leapNs = nowNs;
        onNewSource(track);
      }
      leapt.add(track);
      return !isFollowing;
    }

    @Override
    public void onKeyframeNeeded(RtpTrack track) {
      feedback.onKeyframeNeeded(mediumOfTrack[track.index()]);
    }

    @Override
    public void onFailure(RtpTrack track, String reason) {
      publication.onAlert("TRACK_FAILED", "track " + track.index() + ": " + reason);
    }
  }
}
