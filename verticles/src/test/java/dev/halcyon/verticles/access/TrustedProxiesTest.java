package dev.halcyon.verticles.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.access.Network;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrustedProxiesTest {
  private static final TrustedProxies PROXIES =
      new TrustedProxies(
          Stream.of("127.0.0.1", "10.0.0.0/8", "fd00::/8").map(Network::parse).toList());

  @Test
  void believesNobodyByDefault() {
    assertEquals("127.0.0.1", TrustedProxies.NONE.clientOf("127.0.0.1", List.of("203.0.113.7")));
    assertFalse(TrustedProxies.NONE.isTrusted("127.0.0.1"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "203.0.113.9|198.51.100.1|203.0.113.9",
        "127.0.0.1|198.51.100.1|198.51.100.1",
        "127.0.0.1|6.6.6.6, 198.51.100.1|198.51.100.1",
        "127.0.0.1|6.6.6.6, 198.51.100.1, 10.9.8.7|198.51.100.1",
        "127.0.0.1|10.1.1.1, 10.2.2.2|10.1.1.1",
        "127.0.0.1|''|127.0.0.1",
        "127.0.0.1|198.51.100.1, nonsense|127.0.0.1",
        "127.0.0.1|198.51.100.1:4711|198.51.100.1",
        "fd00::5|[2001:db8::1]:443|2001:db8:0:0:0:0:0:1",
        "::ffff:10.0.0.1|198.51.100.1|198.51.100.1",
        "fe80::1%eth0|198.51.100.1|fe80:0:0:0:0:0:0:1",
      })
  void believesAsFarAsTrustedOnesWrote(String peer, String forwarded, String client) {
    assertEquals(client, PROXIES.clientOf(peer, List.of(forwarded)));
  }

  @Test
  void readsSeveralHeadersAsOne() {
    assertEquals(
        "198.51.100.1",
        PROXIES.clientOf("127.0.0.1", List.of("6.6.6.6", "198.51.100.1, 10.0.0.1")));
  }

  @Test
  void knowsTheBitsOfANetwork() {
    assertTrue(Network.parse("192.168.4.0/22").contains(Network.parse("192.168.7.255").address()));
    assertFalse(Network.parse("192.168.4.0/22").contains(Network.parse("192.168.8.0").address()));
    assertTrue(Network.parse("0.0.0.0/0").contains(Network.parse("8.8.8.8").address()));
    assertFalse(Network.parse("0.0.0.0/0").contains(Network.parse("::1").address()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/x", "", "nine"})
  void asksNoNameServerAndTakesNoNonsense(String text) {
    assertThrows(IllegalArgumentException.class, () -> Network.parse(text));
  }

  @Test
  void spellsAnAddressInOneWay() {
    assertEquals("2001:db8:0:0:0:0:0:1", TrustedProxies.canonical("2001:DB8::1"));
    assertEquals("192.0.2.1", TrustedProxies.canonical("::ffff:192.0.2.1"));
  }
}
