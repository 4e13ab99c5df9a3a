package dev.halcyon.verticles.access;

import dev.halcyon.core.access.Network;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * Which address a request comes from. Anyone can write an {@code X-Forwarded-For}; it is believed
 * as far as addresses that the operator trusts have written it. Any thread.
 *
 * @param networks of the proxies in front of this server
 */
public record TrustedProxies(List<Network> networks) {
  public static final TrustedProxies NONE = new TrustedProxies(List.of());

  /** As many as sensible chains have; what a client prepends is not read to its end. */
  private static final int MAX_HOPS = 20;

  public TrustedProxies {
    networks = List.copyOf(networks);
  }

  /**
   * The address in its one spelling.
   *
   * @throws IllegalArgumentException when it is no literal address
   */
  public static String canonical(String text) {
    return literal(text).getHostAddress();
  }

  /**
   * The nearest address that is not a trusted proxy's.
   *
   * @param peer what the connection comes from
   * @param forwardedFor all {@code X-Forwarded-For} in the order of the request
   */
  public String clientOf(String peer, List<String> forwardedFor) {
    Optional<InetAddress> address = read(peer);
    if (address.isEmpty()) {
      return peer;
    }
    InetAddress client = address.get();
    String[] hops = String.join(",", forwardedFor).split(",", -1);
    for (int i = hops.length - 1; i >= Math.max(0, hops.length - MAX_HOPS); i--) {
      Optional<InetAddress> before = isTrusted(client) ? read(hops[i]) : Optional.empty();
      if (before.isEmpty()) {
        break;
      }
      client = before.get();
    }
    return client.getHostAddress();
  }

  /** Whether what a peer says of the request may be believed. */
  public boolean isTrusted(String peer) {
    return read(peer).filter(this::isTrusted).isPresent();
  }

  private boolean isTrusted(InetAddress address) {
    return networks.stream().anyMatch(network -> network.contains(address));
  }

  private static Optional<InetAddress> read(String text) {
    try {
      return Optional.of(literal(text));
    } catch (IllegalArgumentException noAddress) {
      return Optional.empty();
    }
  }

  /** Never asks a name server. Some proxies add the port: {@code 1.2.3.4:5}, {@code [::1]:5}. */
  private static InetAddress literal(String text) {
    String address = text.strip();
    if (address.startsWith("[") && address.indexOf(']') > 0) {
      address = address.substring(1, address.indexOf(']'));
    } else if (address.indexOf(':') == address.lastIndexOf(':') && address.indexOf(':') > 0) {
      address = address.substring(0, address.indexOf(':'));
    }
    int zone = address.indexOf('%');
    return InetAddress.ofLiteral(zone < 0 ? address : address.substring(0, zone));
  }
}
