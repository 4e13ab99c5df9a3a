package dev.halcyon.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * When each packet of one pushed stream was sent, so that the moment at which a window closed on
 * the sender's side can be told. Written by the pusher's thread, read by others.
 */
final class SentPackets {
  /** RTMP cuts stamps to milliseconds, and each end of the path may round its own way. */
  private static final long ROUNDING_US = 1_000;

  private final List<List<Sent>> byTrack = new ArrayList<>();
  private long firstDtsUs = Long.MIN_VALUE;
  private long newestUs = Long.MIN_VALUE;

  private record Sent(long streamUs, long atNs) {}

  SentPackets(int tracks) {
    for (int track = 0; track < tracks; track++) {
      byTrack.add(new ArrayList<>());
    }
  }

  synchronized void onSent(int track, long dtsUs, long atNs) {
    if (firstDtsUs == Long.MIN_VALUE) {
      firstDtsUs = dtsUs;
    }
    long streamUs = dtsUs - firstDtsUs;
    byTrack.get(track).add(new Sent(streamUs, atNs));
    newestUs = Math.max(newestUs, streamUs);
  }

  /** Stream time of the newest packet sent; negative before the first. */
  synchronized long newestUs() {
    return newestUs == Long.MIN_VALUE ? -1 : newestUs;
  }

  /**
   * When the last track sent its first packet at or past {@code toUs}: from then on the server can
   * know that the window has closed. Empty when some track has not yet.
   */
  synchronized OptionalLong closedAtNs(long toUs) {
    long closedNs = Long.MIN_VALUE;
    for (List<Sent> packets : byTrack) {
      OptionalLong at = firstAtOrAfter(packets, toUs + ROUNDING_US);
      if (at.isEmpty()) {
        return OptionalLong.empty();
      }
      closedNs = Math.max(closedNs, at.getAsLong());
    }
    return OptionalLong.of(closedNs);
  }

  /** Packets are in rising order of dts within a track. */
  private static OptionalLong firstAtOrAfter(List<Sent> packets, long streamUs) {
    int low = 0;
    int high = packets.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (packets.get(middle).streamUs() >= streamUs) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low == packets.size() ? OptionalLong.empty() : OptionalLong.of(packets.get(low).atNs());
  }
}
