package dev.halcyon.verticles.ingest.rtmp;

/**
 * What one connection may cost. A message header can claim 16 MiB, so memory is taken as bytes
 * arrive, never as they are announced.
 *
 * @param maxMessageBytes the longest message of a publisher
 * @param maxCommandBytes the longest message before a publisher is authorised
 * @param maxBufferBytes all messages under assembly on one connection together; twice the longest
 *     at least, because a buffer grows by copying
 * @param maxChunkStreams chunk streams on one connection
 */
public record RtmpLimits(
    int maxMessageBytes, int maxCommandBytes, int maxBufferBytes, int maxChunkStreams) {
  /** A message's length field has 24 bits. */
  static final int MESSAGE_CEILING_BYTES = 0xFF_FFFF;

  public static final RtmpLimits DEFAULT =
      new RtmpLimits(MESSAGE_CEILING_BYTES, 64 << 10, 32 << 20, 64);

  public RtmpLimits {
    if (maxMessageBytes < 1
        || maxMessageBytes > MESSAGE_CEILING_BYTES
        || maxCommandBytes < 1
        || maxCommandBytes > maxMessageBytes
        || maxBufferBytes < 2L * maxMessageBytes
        || maxChunkStreams < 1
        || maxChunkStreams > 65_598) {
      throw new IllegalArgumentException(
          "limits out of range [maxMessageBytes="
              + maxMessageBytes
              + ", maxCommandBytes="
              + maxCommandBytes
              + ", maxBufferBytes="
              + maxBufferBytes
              + ", maxChunkStreams="
              + maxChunkStreams
              + "]");
    }
  }
}
