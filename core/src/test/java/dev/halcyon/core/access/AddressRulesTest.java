package dev.halcyon.core.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRulesTest {
  @ParameterizedTest
  @CsvSource({
    "0.0.0.0,this host",
    "0.1.2.3,this host",
    "10.1.2.3,private",
    "100.64.0.1,shared by a provider",
    "100.127.255.255,shared by a provider",
    "100.100.100.200,shared by a provider",
    "127.0.0.1,loopback",
    "127.255.255.255,loopback",
    "168.63.129.16,metadata of a cloud",
    "169.254.169.254,link-local",
    "172.16.0.1,private",
    "172.31.255.255,private",
    "192.0.0.192,reserved for protocols",
    "192.0.2.1,for documentation",
    "192.168.0.1,private",
    "198.19.255.255,for benchmarks",
    "198.51.100.7,for documentation",
    "203.0.113.7,for documentation",
    "224.0.0.1,multicast",
    "239.255.255.255,multicast",
    "240.0.0.1,reserved",
    "255.255.255.255,reserved",
    "::,reserved",
    "::1,loopback",
    "::127.0.0.1,reserved",
    "fd00:ec2::254,private",
    "fc00::1,private",
    "fe80::1,link-local",
    "fec0::1,reserved",
    "ff02::1,multicast",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2,a Teredo tunnel",
    "2001:10::1,reserved for protocols",
    "2001:db8::1,for documentation",
    "2002:7f00:1::1,a 6to4 tunnel",
    "3fff:1::1,for documentation",
    "64:ff9b::7f00:1,loopback",
    "64:ff9b::a9fe:a9fe,link-local",
    "64:ff9b:1::1,reserved",
    "100::1,reserved",
  })
  void refusesWhatIsNotOnThePublicInternet(String address, String what) {
    assertEquals(Optional.of(what), AddressRules.refusalOf(InetAddress.ofLiteral(address)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "172.15.255.255",
        "172.32.0.0",
        "192.167.255.255",
        "223.255.255.255",
        "2606:4700::1111",
        "2a00:1450::1",
        "64:ff9b::101:101",
      })
  void takesThePublicInternet(String address) {
    assertEquals(Optional.empty(), AddressRules.refusalOf(InetAddress.ofLiteral(address)));
  }

  /** Java makes IPv4 of such a literal itself; from the wire it may come in full. */
  @Test
  void looksIntoIpv4WithinIpv6() {
    byte[] mapped = HexFormat.of().parseHex("00000000000000000000ffff7f000001");
    assertEquals(Optional.of("loopback"), AddressRules.refusalOf(mapped));
    assertEquals(
        Optional.of("loopback"), AddressRules.refusalOf(InetAddress.ofLiteral("::ffff:127.0.0.1")));
  }

  @Test
  void operatorsAllowHostsAddressesAndNetworks() {
    AllowedTargets allowed =
        AllowedTargets.parse(List.of("Camera.lan", "192.168.7.20", "10.1.0.0/16", "fd00:7::/32"));
    assertTrue(allowed.permits("CAMERA.lan", InetAddress.ofLiteral("172.16.0.1")));
    assertTrue(allowed.permits("other", InetAddress.ofLiteral("192.168.7.20")));
    assertTrue(allowed.permits("other", InetAddress.ofLiteral("10.1.255.255")));
    assertTrue(allowed.permits("other", InetAddress.ofLiteral("fd00:7::1")));
    assertFalse(allowed.permits("other", InetAddress.ofLiteral("10.2.0.1")));
    assertFalse(allowed.permits("camera.lan.evil.example", InetAddress.ofLiteral("10.2.0.1")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.0/33", "not a host", "http://camera", "10.0.0.0/x", "1.2.3.4.5"})
  void operatorsAreToldOfWhatIsNoHost(String item) {
    assertThrows(IllegalArgumentException.class, () -> AllowedTargets.parse(List.of(item)));
  }

  @Test
  void aHostStandsForWhatIsBelowIt() {
    HostList hosts = HostList.parse(List.of("Twitch.tv", "x.com"));
    assertTrue(hosts.contains("twitch.tv") && hosts.contains("WWW.Twitch.TV"));
    assertFalse(hosts.contains("eviltwitch.tv") || hosts.contains("twitch.tv.evil.example"));
    assertFalse(hosts.contains("box.com"));
    assertTrue(HostList.ALL.contains("anything.example"));
    assertFalse(HostList.NONE.contains("anything.example"));
    assertThrows(IllegalArgumentException.class, () -> HostList.parse(List.of("a b")));
  }
}
