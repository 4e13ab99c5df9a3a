package dev.halcyon.verticles.ingest.whip;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Where publishers reach our one port: lines of a session description (RFC 8839, 5.1; RFC 6544).
 */
record IceCandidates(List<InetAddress> addresses, int port) {
  private static final int HOST_PREFERENCE = 126;

  /** Below every other: for networks that let nothing else through. */
  private static final int TCP_PREFERENCE = 90;

  private static final int COMPONENT = 1;

  IceCandidates {
    addresses = List.copyOf(addresses);
  }

  /**
   * Finds the addresses. May ask name servers: blocking.
   *
   * @param told where we are reached, as names or addresses; empty: at our own addresses
   * @param bound what the socket listens on
   */
  static IceCandidates find(List<String> told, InetAddress bound, int port)
      throws UnknownHostException, SocketException {
    Set<InetAddress> found = new LinkedHashSet<>();
    for (String name : told) {
      Collections.addAll(found, InetAddress.getAllByName(name));
    }
    if (told.isEmpty()) {
      found.addAll(bound.isAnyLocalAddress() ? own(bound) : List.of(bound));
    }
    return new IceCandidates(List.copyOf(found), port);
  }

  /** 0.0.0.0 listens to IPv4 alone, :: to both. */
  private static List<InetAddress> own(InetAddress bound) throws SocketException {
    boolean isBoth = bound instanceof Inet6Address;
    List<InetAddress> own = new ArrayList<>();
    for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
      if (each.isUp()) {
        Collections.list(each.getInetAddresses()).stream()
            .filter(address -> !address.isLinkLocalAddress())
            .filter(address -> isBoth || address instanceof Inet4Address)
            .forEach(own::add);
      }
    }
    return own;
  }

  /**
   * @param isLocal whether the publisher is on this machine: nobody else can use its loopback
   */
  List<String> lines(boolean isLocal) {
    List<String> lines = new ArrayList<>();
    int rank = 65_535;
    for (InetAddress address : addresses) {
      if (isLocal || addresses.size() == 1 || !address.isLoopbackAddress()) {
        String where = text(address) + ' ' + port + " typ host";
        lines.add(line(lines.size(), "udp", priority(HOST_PREFERENCE, rank), where));
        lines.add(
            line(lines.size(), "tcp", priority(TCP_PREFERENCE, rank), where + " tcptype passive"));
        rank--;
      }
    }
    return lines;
  }

  private static String line(int foundation, String protocol, long priority, String where) {
    return "candidate:%d %d %s %d %s".formatted(foundation, COMPONENT, protocol, priority, where);
  }

  /** RFC 8445, 5.1.2.1. */
  private static long priority(int type, int local) {
    return (long) type << 24 | (long) local << 8 | (256 - COMPONENT);
  }

  private static String text(InetAddress address) {
    String text = address.getHostAddress();
    int scope = text.indexOf('%');
    return address instanceof Inet6Address && scope > 0 ? text.substring(0, scope) : text;
  }
}
