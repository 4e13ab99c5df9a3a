package dev.halcyon.verticles.ingest;

import io.vertx.core.Future;
import java.util.Optional;

/** Knows the keys of streams, for protocols in which a publisher proves that it knows one. */
public interface StreamKeys {
  /**
   * The key of a stream: to check a proof against, never to be told.
   *
   * @param streamId as the publisher names it, which may be anything
   * @return empty when there is no such stream
   */
  Future<Optional<String>> keyOf(String streamId);
}
