package dev.halcyon.verticles.ingest.whip;

import io.vertx.core.Future;
import java.util.Optional;

/** Takes the requests of publishers, which come over HTTP. Any thread. */
public interface WhipDesk {
  /**
   * @param remoteAddress who asks, behind trusted proxies
   * @param isLocal whether that is this machine
   * @param sdp as it came
   */
  record Offer(String streamKey, String remoteAddress, boolean isLocal, String sdp) {
    @Override
    public String toString() {
      return "Offer[remoteAddress=" + remoteAddress + "]";
    }
  }

  /**
   * @param sessionId a secret: who knows it may end the session
   * @param tag of this generation of ICE
   */
  record Answer(String sessionId, String tag, String sdp) {}

  /**
   * Opens a session for a publisher.
   *
   * @return or a failure with a {@code HalcyonException}: BAD_REQUEST, UNSUPPORTED_MEDIA,
   *     OVERLOADED, and those of the publish gate
   */
  Future<Answer> publish(Offer offer);

  /**
   * Takes candidates, which are not needed here, or a restart of ICE.
   *
   * @param tag that the publisher believes in; empty when it says none
   * @return an answer to a restart; empty to anything else. NOT_FOUND without such a session,
   *     PRECONDITION_FAILED when the tag is of another generation, BAD_REQUEST
   */
  Future<Optional<Answer>> trickle(String sessionId, Optional<String> tag, byte[] fragment);

  /** Ends a session; NOT_FOUND without it. */
  Future<Void> end(String sessionId);
}
