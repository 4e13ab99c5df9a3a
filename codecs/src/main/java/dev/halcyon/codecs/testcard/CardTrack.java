package dev.halcyon.codecs.testcard;

import dev.halcyon.codecs.mux.CodedPacket;
import dev.halcyon.core.media.Track;
import java.util.ArrayDeque;
import java.util.Optional;

/** One track of a test card, encoded on demand. One platform thread. */
abstract class CardTrack implements AutoCloseable {
  private final ArrayDeque<CodedPacket> ready = new ArrayDeque<>();
  private boolean isEnded;

  /** The track as it begins. */
  abstract Track track();

  /**
   * Encodes a little more, and hands what comes out to {@link #add}.
   *
   * @return false when there is no more
   */
  abstract boolean encodeMore();

  @Override
  public abstract void close();

  final void add(CodedPacket packet) {
    ready.add(packet);
  }

  /** The next packet, left in place; empty at the end. */
  final Optional<CodedPacket> peek() {
    while (ready.isEmpty() && !isEnded) {
      isEnded = !encodeMore();
    }
    return Optional.ofNullable(ready.peek());
  }

  /** The packet that {@link #peek} showed. */
  final CodedPacket take() {
    return ready.remove();
  }
}
