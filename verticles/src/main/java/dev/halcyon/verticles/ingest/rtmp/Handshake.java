package dev.halcyon.verticles.ingest.rtmp;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/**
 * The server's side of the handshake (RTMP 1.0, 5.2), simple or signed as the client began it. One
 * thread.
 *
 * <pre>
 *   C0 version:8 = 3          S0 version:8 = 3
 *   C1 time:32 zero:32 1528   S1 time:32 zero:32 1528 random
 *   C2 1536, an echo of S1    S2 an echo of C1
 * </pre>
 *
 * A client whose C1 carries Flash's digest gets the signed S1 and S2 ({@link HandshakeDigest}); C2
 * is not checked, as many clients fill it freely.
 */
final class Handshake {
  static final int PART_BYTES = 1_536;

  private static final int VERSION = 3;

  private final RandomGenerator random;
  private final ByteBuffer part = ByteBuffer.allocate(PART_BYTES);
  private boolean isVersionRead;
  private boolean isAnswered;

  Handshake(RandomGenerator random) {
    this.random = random;
  }

  /**
   * Takes what belongs to the part awaited: C0 and C1, or C2.
   *
   * @return the answer to send now; empty when there is none
   * @throws HalcyonException PROTOCOL_VIOLATION when the peer does not speak RTMP version 3
   */
  byte[] feed(ByteBuffer input) {
    if (!isVersionRead && input.hasRemaining()) {
      int version = input.get() & 0xff;
      if (version != VERSION) {
        throw new HalcyonException(
            ErrorCode.PROTOCOL_VIOLATION, "not RTMP version 3 [version=" + version + "]");
      }
      isVersionRead = true;
    }
    int taken = Math.min(part.remaining(), input.remaining());
    part.put(part.position(), input, input.position(), taken);
    part.position(part.position() + taken);
    input.position(input.position() + taken);
    if (isAnswered || part.hasRemaining()) {
      return new byte[0];
    }
    isAnswered = true;
    byte[] clientPart = part.array().clone();
    part.clear();
    return answer(clientPart);
  }

  /** Whether C2 has been read whole, so that what follows is chunks. */
  boolean isDone() {
    return isAnswered && !part.hasRemaining();
  }

  private byte[] answer(byte[] c1) {
    byte[] s1 = new byte[PART_BYTES];
    random.nextBytes(s1);
    byte[] s2 = c1;
    ByteBuffer head = ByteBuffer.wrap(s1).putInt(0);
    var signed = HandshakeDigest.of(c1);
    if (signed.isPresent()) {
      head.putInt(HandshakeDigest.SERVER_VERSION);
      signed.get().signServerPart(s1);
      s2 = signed.get().answerTo(random);
    } else {
      head.putInt(0);
    }
    return ByteBuffer.allocate(1 + 2 * PART_BYTES).put((byte) VERSION).put(s1).put(s2).array();
  }
}
