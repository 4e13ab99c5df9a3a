package dev.halcyon.verticles.ingest.rtp;

import java.nio.ByteBuffer;

/**
 * Puts the access units of one track together from its packets, which come in order. One thread;
 * closed by its track.
 */
interface Depacketizer extends AutoCloseable {
  /** Tells the format now, when the session description has told it: no packet has come yet. */
  void announce();

  /**
   * @param ticks the packet's RTP time, unwrapped to 64 bits
   * @param payload from position to limit; valid during the call
   * @throws dev.halcyon.core.error.HalcyonException CORRUPT_MEDIA or UNSUPPORTED_MEDIA when the
   *     packet cannot be used: then as if it had been lost
   */
  void onPacket(long ticks, boolean isMarker, ByteBuffer payload);

  /** So many packets before the next one are missing. */
  void onLost(long packets);

  /** Forgets what is under assembly: another source follows. */
  void restart();

  @Override
  void close();
}
