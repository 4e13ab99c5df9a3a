package dev.halcyon.verticles.ingest.pull;

import dev.halcyon.core.stream.StreamSource;
import java.util.UUID;

/**
 * A stream to be pulled.
 *
 * @param streamKey by which the puller publishes it, like any publisher
 */
public record PulledStream(UUID id, String streamKey, StreamSource.Pull source) {
  @Override
  public String toString() {
    return "PulledStream[id=" + id + "]";
  }
}
