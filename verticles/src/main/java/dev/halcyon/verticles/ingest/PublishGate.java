package dev.halcyon.verticles.ingest;

import io.vertx.core.Future;

/** Decides who may publish. Called by transports on their thread, before any media is taken. */
public interface PublishGate {
  /**
   * Authorises a publisher and opens its session, for the calling thread.
   *
   * @return the session; or a failure with a {@code HalcyonException}: UNKNOWN_STREAM_KEY,
   *     PUBLISHER_EXISTS, STREAM_PAUSED, INSUFFICIENT_STORAGE, OVERLOADED
   */
  Future<Publication> open(PublishRequest request);
}
