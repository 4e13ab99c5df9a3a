package dev.halcyon.verticles.ingest.rtmp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HandshakeTest {
  private final Handshake handshake = new Handshake(new Random(5));

  @Test
  void echoesTheClientsPartWhenItIsPlain() {
    byte[] c1 = new byte[Handshake.PART_BYTES];
    new Random(6).nextBytes(c1);
    Arrays.fill(c1, 4, 8, (byte) 0);
    byte[] answer = handshake.feed(ByteBuffer.wrap(ClientBytes.concat(new byte[] {3}, c1)));
    assertEquals(1 + 2 * Handshake.PART_BYTES, answer.length);
    assertEquals(3, answer[0]);
    assertArrayEquals(new byte[8], Arrays.copyOfRange(answer, 1, 9), "time and zero");
    assertArrayEquals(
        c1, Arrays.copyOfRange(answer, 1 + Handshake.PART_BYTES, answer.length), "S2 echoes C1");
  }

  @Test
  void echoesAVersionedPartWithoutAValidDigest() {
    byte[] c1 = new byte[Handshake.PART_BYTES];
    new Random(7).nextBytes(c1);
    byte[] answer = handshake.feed(ByteBuffer.wrap(ClientBytes.concat(new byte[] {3}, c1)));
    assertArrayEquals(c1, Arrays.copyOfRange(answer, 1 + Handshake.PART_BYTES, answer.length));
  }

  @Test
  void leavesWhatFollowsTheHandshake() {
    byte[] all = ClientBytes.concat(new ClientBytes().handshake().toArray(), new byte[] {42});
    ByteBuffer input = ByteBuffer.wrap(all);
    assertTrue(handshake.feed(input).length > 0);
    assertFalse(handshake.isDone());
    assertEquals(0, handshake.feed(input).length);
    assertTrue(handshake.isDone());
    assertEquals(42, input.get());
  }

  @Test
  void takesBytesOneByOne() {
    int answers = 0;
    for (byte value : new ClientBytes().handshake().toArray()) {
      answers += handshake.feed(ByteBuffer.wrap(new byte[] {value})).length;
    }
    assertEquals(1 + 2 * Handshake.PART_BYTES, answers);
    assertTrue(handshake.isDone());
  }
}
