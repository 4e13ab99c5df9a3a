package dev.halcyon.core.access;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Which addresses are places on the public internet, by the special-purpose registries of IANA (RFC
 * 6890 and its successors). What a user has us connect to must be one: else our own network, and
 * what a cloud tells its machines, would be open to every user. Any thread.
 */
public final class AddressRules {
  private record Block(Network network, String what) {
    static Block of(String network, String what) {
      return new Block(Network.parse(network), what);
    }
  }

  private static final List<Block> IPV4 =
      List.of(
          Block.of("0.0.0.0/8", "this host"),
          Block.of("10.0.0.0/8", "private"),
          Block.of("100.64.0.0/10", "shared by a provider"),
          Block.of("127.0.0.0/8", "loopback"),
          Block.of("168.63.129.16", "metadata of a cloud"),
          Block.of("169.254.0.0/16", "link-local"),
          Block.of("172.16.0.0/12", "private"),
          Block.of("192.0.0.0/24", "reserved for protocols"),
          Block.of("192.0.2.0/24", "for documentation"),
          Block.of("192.88.99.0/24", "a 6to4 relay"),
          Block.of("192.168.0.0/16", "private"),
          Block.of("198.18.0.0/15", "for benchmarks"),
          Block.of("198.51.100.0/24", "for documentation"),
          Block.of("203.0.113.0/24", "for documentation"),
          Block.of("224.0.0.0/4", "multicast"),
          Block.of("240.0.0.0/4", "reserved"));

  /** {@code ::ffff:0:0/96}, which Java itself reads as IPv4. */
  private static final byte[] MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};

  private static final Network NAT64 = Network.parse("64:ff9b::/96");
  private static final Network GLOBAL_UNICAST = Network.parse("2000::/3");

  /** Of those outside global unicast only what is worth a name of its own. */
  private static final List<Block> IPV6 =
      List.of(
          Block.of("::1", "loopback"),
          Block.of("fc00::/7", "private"),
          Block.of("fe80::/10", "link-local"),
          Block.of("ff00::/8", "multicast"),
          Block.of("2001::/32", "a Teredo tunnel"),
          Block.of("2001::/23", "reserved for protocols"),
          Block.of("2001:db8::/32", "for documentation"),
          Block.of("2002::/16", "a 6to4 tunnel"),
          Block.of("3fff::/20", "for documentation"));

  private AddressRules() {}

  /** Why an address is no place on the public internet; empty when it is one. */
  public static Optional<String> refusalOf(InetAddress address) {
    return refusalOf(address.getAddress());
  }

  /**
   * @param address 4 or 16 bytes, most significant first
   */
  static Optional<String> refusalOf(byte[] address) {
    if (address.length == 4) {
      return named(IPV4, address);
    }
    if (Arrays.equals(MAPPED, 0, 12, address, 0, 12) || NAT64.contains(address)) {
      // What is reached in the end is the IPv4 address within.
      return named(IPV4, Arrays.copyOfRange(address, 12, 16));
    }
    Optional<String> what = named(IPV6, address);
    return what.isPresent() || GLOBAL_UNICAST.contains(address) ? what : Optional.of("reserved");
  }

  private static Optional<String> named(List<Block> blocks, byte[] address) {
    return blocks.stream()
        .filter(block -> block.network().contains(address))
        .map(Block::what)
        .findFirst();
  }
}
