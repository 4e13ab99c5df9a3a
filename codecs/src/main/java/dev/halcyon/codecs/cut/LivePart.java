package dev.halcyon.codecs.cut;

import dev.halcyon.core.cut.PacketStamp;
import dev.halcyon.core.media.Bytes;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A few pictures and their sound as one movie fragment, whose payloads are still in the ring.
 * Immutable; any thread.
 */
public final class LivePart {
  private final long lengthUs;
  private final boolean isIndependent;
  private final ByteBuffer head;
  private final long[] positions;
  private final int[] sizesBytes;

  /**
   * @param lengthUs how long it plays
   * @param isIndependent whether decoding may begin with it
   * @param head what comes before the payloads; not changed
   * @param positions of the packets, in the file's order; not changed
   * @param sizesBytes of their payloads; not changed
   */
  public LivePart(
      long lengthUs, boolean isIndependent, ByteBuffer head, long[] positions, int[] sizesBytes) {
    if (lengthUs < 0 || positions.length != sizesBytes.length || positions.length == 0) {
      throw new IllegalArgumentException(
          "not a part [lengthUs=%d, packets=%d]".formatted(lengthUs, positions.length));
    }
    this.lengthUs = lengthUs;
    this.isIndependent = isIndependent;
    this.head = head;
    this.positions = positions;
    this.sizesBytes = sizesBytes;
  }

  public long lengthUs() {
    return lengthUs;
  }

  public boolean isIndependent() {
    return isIndependent;
  }

  /** The place of its first payload in the ring. */
  long firstPosition() {
    return Arrays.stream(positions).min().orElseThrow();
  }

  RingPiece toPiece() {
    List<RingPiece.Payload> payloads = new ArrayList<>(positions.length);
    for (int i = 0; i < positions.length; i++) {
      PacketStamp packet = new PacketStamp(0, 0, 0, false, 0, 0, positions[i], sizesBytes[i]);
      payloads.add(new RingPiece.Payload(packet, Bytes.EMPTY));
    }
    return new RingPiece(head, payloads);
  }
}
