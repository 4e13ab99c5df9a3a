package dev.halcyon.verticles.ingest.rtsp;

import java.util.Optional;

/**
 * A track whose way was agreed on.
 *
 * @param number of the offered track, in the order of the announcement
 * @param channel of RTP over the connection, RTCP has the next; far below zero over UDP
 * @param udp its ports, closed with it
 */
record SetUpTrack(int number, OfferedTrack offered, int channel, Optional<UdpPair> udp)
    implements AutoCloseable {
  private static final int NO_CHANNEL = -1_000;

  static SetUpTrack interleaved(int number, OfferedTrack offered, int channel) {
    return new SetUpTrack(number, offered, channel, Optional.empty());
  }

  static SetUpTrack udp(int number, OfferedTrack offered, UdpPair ports) {
    return new SetUpTrack(number, offered, NO_CHANNEL, Optional.of(ports));
  }

  @Override
  public void close() {
    udp.ifPresent(UdpPair::close);
  }
}
