package dev.halcyon.verticles.ingest;

import dev.halcyon.core.time.Clock;
import java.util.Optional;

/**
 * Who wants to publish what.
 *
 * @param protocol {@code rtmp}, {@code rtsp}, …
 * @param streamKey the secret that names the stream
 * @param remoteAddress the peer's address, for logs and limits
 * @param disconnect closes the publisher's connection; may be called on any thread, more than once
 * @param arrivals when packets arrive, for a source whose packets come in bursts; read on the
 *     session's thread
 */
public record PublishRequest(
    String protocol,
    String streamKey,
    String remoteAddress,
    Runnable disconnect,
    Optional<Clock> arrivals) {
  /** One whose packets arrive when they are handed over. */
  public PublishRequest(
      String protocol, String streamKey, String remoteAddress, Runnable disconnect) {
    this(protocol, streamKey, remoteAddress, disconnect, Optional.empty());
  }

  /** Whether it may take another publisher's place: not a pull, which tries again by itself. */
  public boolean mayReplace() {
    return !protocol.equals("pull");
  }

  @Override
  public String toString() {
    return "PublishRequest[protocol=" + protocol + ", remoteAddress=" + remoteAddress + "]";
  }
}
