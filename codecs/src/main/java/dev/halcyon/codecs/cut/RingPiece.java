package dev.halcyon.codecs.cut;

import dev.halcyon.core.cut.PacketStamp;
import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.SilentPacket;
import dev.halcyon.core.media.TrackFormat;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A piece of a file whose payloads are still in the ring.
 *
 * @param head what comes before them; not changed
 * @param payloads in the file's order
 */
record RingPiece(ByteBuffer head, List<Payload> payloads) {
  /**
   * One sample.
   *
   * @param made what it is where it is not in the ring, else empty
   */
  record Payload(PacketStamp packet, Bytes made) {
    static Payload of(PacketStamp packet, TrackFormat format) {
      return new Payload(packet, packet.isMade() ? silence(format) : Bytes.EMPTY);
    }
  }

  /** The one packet that is made. */
  static Bytes silence(TrackFormat format) {
    return SilentPacket.of((AudioFormat) format).orElseThrow();
  }

  static final RingPiece NOTHING =
      new RingPiece(ByteBuffer.allocate(0).asReadOnlyBuffer(), List.of());

  RingPiece {
    payloads = List.copyOf(payloads);
  }
}
