package dev.halcyon.verticles.ingest.rtmp;

/** What a session asks of the world around it. All calls come within those to the session. */
interface RtmpPeer {
  /** Sends bytes that the session will not touch again. */
  void send(byte[] bytes);

  /**
   * Someone wants to publish; answered by {@link RtmpSession#accept} or {@link RtmpSession#refuse},
   * in this call or later.
   */
  void onPublish(String streamKey);

  /** The publication has ended as the publisher wished; the connection may publish again. */
  void onUnpublish();

  /** What the encoder says about its stream; not to be trusted. */
  void onMetadata(AmfValue metadata);
}
