package dev.halcyon.verticles.ingest;

import dev.halcyon.core.media.Track;
import java.nio.ByteBuffer;

/**
 * One publisher's open session: where a transport hands what it parsed. All calls come on one
 * thread: the event loop that opened it, or the thread of a pull. Times are the source's own,
 * unwrapped to 64 bits, in microseconds; the session turns them into stream time.
 */
public interface Publication {
  /** The reason of a publisher that said goodbye; any other means a fault. */
  String UNPUBLISHED = "unpublished";

  /**
   * Announces a track, or a new configuration of one. Must precede the track's packets. A new
   * configuration of the same codec continues the epoch; another codec starts the next.
   */
  void onTrack(Track track);

  /**
   * Hands over one access unit.
   *
   * @param payload from position to limit; only valid during the call; AVCC-framed for H.264
   */
  void onPacket(int trackIndex, boolean isKeyframe, long ptsUs, long dtsUs, ByteBuffer payload);

  /**
   * The next packet of this track does not adjoin the one before it: something got lost between
   * them, or the track was moved. Its stamp is to be believed, and not the count of samples.
   */
  void onSeam(int trackIndex);

  /**
   * What follows has nothing to do with what came in its time: the next packet begins an epoch,
   * whatever its stamp.
   */
  default void onDiscontinuity() {}

  /**
   * Tells the stream's owner of something about the source; at most one of a kind in ten seconds.
   *
   * @param code one of few: {@code PACKETS_LOST}, {@code TRACK_REFUSED}, …
   * @param message for people; no secrets in it
   */
  void onAlert(String code, String message);

  /**
   * Ends the session; nothing may follow. Idempotent.
   *
   * @param reason for people and logs: {@link #UNPUBLISHED}, {@code connection lost}, …
   */
  void close(String reason);
}
