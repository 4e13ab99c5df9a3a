package dev.halcyon.verticles.ingest.rtsp;

import dev.halcyon.verticles.ingest.Publication;
import dev.halcyon.verticles.ingest.rtp.MediaReceiver;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** What a session asks of the world around it. Its futures complete on the session's event loop. */
interface RtspPeer {
  /** Asks the gate for a publication. */
  Future<Publication> publish(String streamKey);

  /** The key of the stream with this id, to check a digest against; empty when there is none. */
  Future<Optional<String>> keyOf(String streamId);

  /**
   * Takes ports for a track's RTP and RTCP.
   *
   * @return the ports; or a failure when there are none left
   */
  Future<UdpPair> openUdp(int track, int clientPort);

  /**
   * Media may come now.
   *
   * @param media tracks in the order of their numbers
   */
  MediaReceiver receive(List<MediaReceiver.Medium> media, Publication publication, boolean isUdp);
}
