package dev.halcyon.verticles.ingest.rtp;

import dev.halcyon.verticles.ingest.Publication;
import java.util.concurrent.TimeUnit;

/** Tells a stream's owner, once a while, what got lost. One thread. */
final class LossReport {
  private static final long WINDOW_NS = TimeUnit.SECONDS.toNanos(10);

  private final RtpCounts counts;
  private final Publication publication;
  private boolean hasWindow;
  private long windowStartNs;
  private long packets;
  private long lostPackets;
  private long droppedPictures;

  LossReport(RtpCounts counts, Publication publication) {
    this.counts = counts;
    this.publication = publication;
  }

  void poll(long nowNs) {
    if (hasWindow && nowNs - windowStartNs < WINDOW_NS) {
      return;
    }
    long lost = counts.lostPackets - lostPackets;
    long dropped = counts.droppedPictures - droppedPictures;
    if (hasWindow && (lost > 0 || dropped > 0)) {
      publication.onAlert(
          "PACKETS_LOST",
          "%d of %d packets lost, %d pictures dropped in %d s"
              .formatted(
                  lost,
                  counts.packets - packets + lost,
                  dropped,
                  TimeUnit.NANOSECONDS.toSeconds(nowNs - windowStartNs)));
    }
    hasWindow = true;
    windowStartNs = nowNs;
    packets = counts.packets;
    lostPackets = counts.lostPackets;
    droppedPictures = counts.droppedPictures;
  }
}
