package dev.halcyon.core.access;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.Objects;

/**
 * An address with the number of its leading bits that count.
 *
 * @param prefixBits all of them for a single address
 */
public record Network(InetAddress address, int prefixBits) {
  public Network {
    Objects.requireNonNull(address, "address");
    if (prefixBits < 0 || prefixBits > address.getAddress().length * 8) {
      throw new IllegalArgumentException("prefix out of range [prefixBits=" + prefixBits + "]");
    }
  }

  /**
   * Reads {@code 10.0.0.0/8}, {@code 127.0.0.1} or {@code fd00::/8}; never asks a name server.
   *
   * @throws IllegalArgumentException when it is none of these
   */
  public static Network parse(String text) {
    int slash = text.indexOf('/');
    InetAddress address = InetAddress.ofLiteral((slash < 0 ? text : text.substring(0, slash)));
    int allBits = address.getAddress().length * 8;
    return new Network(
        address, slash < 0 ? allBits : Integer.parseInt(text, slash + 1, text.length(), 10));
  }

  /** An IPv4 address lies in no IPv6 network, and the other way round. */
  public boolean contains(InetAddress other) {
    return contains(other.getAddress());
  }

  boolean contains(byte[] its) {
    byte[] own = address.getAddress();
    if (own.length != its.length) {
      return false;
    }
    int whole = prefixBits / 8;
    int rest = prefixBits % 8;
    return Arrays.equals(own, 0, whole, its, 0, whole)
        && (rest == 0 || ((own[whole] ^ its[whole]) & 0xff) >> (8 - rest) == 0);
  }
}
