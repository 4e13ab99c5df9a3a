package dev.halcyon.verticles.ingest.whip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StunMessageTest {
  /** RFC 5769, 2.1. */
  private static final byte[] REQUEST =
      HexFormat.of()
          .parseHex(
              "000100582112a442b7e7a701bc34d686fa87dfae802200105354554e207465737420636c69656e74"
                  + "002400046e0001ff80290008932ff9b151263b36000600096576746a3a68367659202020"
                  + "000800149aeaa70cbfd8cb56781ef2b5b2d3f249c1b571a280280004e57a3bcf");

  /** What the integrity covers, and itself; the fingerprint follows. */
  private static final int COVERED_BYTES = 100;

  private static final String PASSWORD = "VOkJxbRl1RmTxUk/WvJxBt";

  @Test
  void readsTheRequestOfTheStandard() {
    StunMessage request = StunMessage.parse(REQUEST).orElseThrow();
    assertEquals(StunMessage.BINDING_REQUEST, request.type());
    assertEquals(Optional.of("evtj"), request.receiver());
    assertTrue(request.isFrom(PASSWORD));
    assertFalse(request.isFrom("another"));
    assertFalse(request.isNominating());
  }

  @Test
  void tellsTheAskerItsAddress() throws Exception {
    StunMessage request = StunMessage.parse(REQUEST).orElseThrow();
    for (String literal : new String[] {"192.0.2.1", "2001:db8:1234:5678:11:2233:4455:6677"}) {
      InetSocketAddress seen = new InetSocketAddress(InetAddress.ofLiteral(literal), 32_853);
      byte[] bytes = request.success(seen, PASSWORD);
      StunMessage answer = StunMessage.parse(bytes).orElseThrow();
      assertEquals(StunMessage.BINDING_SUCCESS, answer.type());
      assertEquals(Optional.of(seen), answer.mapped());
      assertTrue(answer.isFrom(PASSWORD));
      assertTrue(Arrays.equals(REQUEST, 4, 20, bytes, 4, 20), "the transaction");
    }
  }

  @Test
  void readsTheChecksThatItWrites() {
    byte[] bytes = StunMessage.request(new byte[12], "server:client", "secret");
    StunMessage check = StunMessage.parse(bytes).orElseThrow();
    assertEquals(Optional.of("server"), check.receiver());
    assertTrue(check.isNominating());
    assertTrue(check.isFrom("secret"));
  }

  @Test
  void believesNothingThatWasChanged() {
    for (int at = 0; at < COVERED_BYTES; at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] changed = REQUEST.clone();
        changed[at] ^= (byte) (1 << bit);
        int byteIndex = at;
        StunMessage.parse(changed)
            .ifPresent(message -> assertFalse(message.isFrom(PASSWORD), "byte " + byteIndex));
      }
    }
    for (int length = 0; length < REQUEST.length; length++) {
      assertTrue(StunMessage.parse(Arrays.copyOf(REQUEST, length)).isEmpty());
    }
  }
}
