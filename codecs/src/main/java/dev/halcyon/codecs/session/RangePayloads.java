package dev.halcyon.codecs.session;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Where the payloads of a range come from. Called track by track, each in decoding order. */
@FunctionalInterface
public interface RangePayloads {
  /** Puts the whole payload at the target's position, which moves behind it. */
  void read(RangePacket packet, ByteBuffer target) throws IOException;
}
