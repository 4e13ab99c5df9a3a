package dev.halcyon.verticles.ingest;

/**
 * Who wants to publish what.
 *
 * @param protocol {@code rtmp}, {@code rtsp}, …
 * @param streamKey the secret that names the stream
 * @param remoteAddress the peer's address, for logs and limits
 * @param disconnect closes the publisher's connection; may be called on any thread, more than once
 */
public record PublishRequest(
    String protocol, String streamKey, String remoteAddress, Runnable disconnect) {
  @Override
  public String toString() {
    return "PublishRequest[protocol=" + protocol + ", remoteAddress=" + remoteAddress + "]";
  }
}
