package dev.halcyon.verticles.ingest.pull;

import dev.halcyon.codecs.mux.FeedDemuxer;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Track;
import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.fetch.Cancellation;
import dev.halcyon.verticles.ingest.Publication;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Brings the packets of runs to a publication, each when its time has come. One thread. */
final class RunCopier {
  private final ArrivalClock arrivals;
  private final Clock real;
  private final boolean isPaced;
  private final Cancellation cancellation;
  private final Supplier<Publication> publication;
  private long damagedPackets;

  /**
   * @param isPaced whether what is there as a whole is taken only as fast as it plays
   * @param publication asked for once media is there
   */
  RunCopier(
      ArrivalClock arrivals,
      Clock real,
      boolean isPaced,
      Cancellation cancellation,
      Supplier<Publication> publication) {
    this.arrivals = arrivals;
    this.real = real;
    this.isPaced = isPaced;
    this.cancellation = cancellation;
    this.publication = publication;
  }

  /**
   * Copies a run to its end.
   *
   * @throws HalcyonException CANCELLED, or why it cannot be read any further
   */
  void copy(PullRun run) {
    try (FeedDemuxer demuxer = FeedDemuxer.open(run.feed())) {
      Publication to = publication.get();
      List<Optional<PulledTrack>> tracks = tracksOf(demuxer, to);
      if (run.isBreak()) {
        to.onDiscontinuity();
      }
      arrivals.begin(run);
      Pacer pacer = new Pacer(real, cancellation::await);
      Optional<FeedDemuxer.Unit> unit = demuxer.read();
      while (unit.isPresent()) {
        cancellation.requireNotCancelled();
        FeedDemuxer.Unit next = unit.get();
        if (isPaced && run.isWhole()) {
          pacer.await(next.dtsUs());
        }
        arrivals.at(next.dtsUs());
        take(next, tracks, to);
        unit = demuxer.read();
      }
    }
  }

  /** What cannot be read of one track is no reason to lose the other. */
  private void take(FeedDemuxer.Unit unit, List<Optional<PulledTrack>> tracks, Publication to) {
    int index = unit.track().index();
    try {
      tracks.get(index).ifPresent(track -> track.take(unit, to));
    } catch (HalcyonException unusable) {
      switch (unusable.code()) {
        case CORRUPT_MEDIA -> {
          if (damagedPackets++ == 0) {
            to.onAlert("PACKETS_DROPPED", unusable.getMessage());
          }
        }
        case UNSUPPORTED_MEDIA -> {
          tracks.set(index, Optional.empty());
          to.onAlert("TRACK_REFUSED", unusable.getMessage());
        }
        default -> throw unusable;
      }
    }
  }

  private static List<Optional<PulledTrack>> tracksOf(FeedDemuxer demuxer, Publication to) {
    List<Optional<PulledTrack>> tracks = new ArrayList<>();
    for (Track described : demuxer.tracks()) {
      try {
        tracks.add(Optional.of(PulledTrack.of(described)));
      } catch (HalcyonException refused) {
        to.onAlert("TRACK_REFUSED", refused.getMessage());
        tracks.add(Optional.empty());
      }
    }
    return tracks;
  }
}
