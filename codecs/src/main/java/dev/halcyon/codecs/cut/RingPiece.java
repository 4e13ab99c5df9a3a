package dev.halcyon.codecs.cut;

import dev.halcyon.core.cut.PacketStamp;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A piece of a file whose payloads are still in the ring.
 *
 * @param head what comes before them; not changed
 * @param payloads in the file's order
 */
record RingPiece(ByteBuffer head, List<PacketStamp> payloads) {
  static final RingPiece NOTHING =
      new RingPiece(ByteBuffer.allocate(0).asReadOnlyBuffer(), List.of());

  RingPiece {
    payloads = List.copyOf(payloads);
  }
}
