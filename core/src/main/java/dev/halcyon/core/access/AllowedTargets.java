package dev.halcyon.core.access;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What an operator lets this server connect to although it is not on the public internet: cameras
 * and servers of the house. Any thread.
 *
 * @param hosts names, in lower case: whatever address they have
 * @param networks addresses, whatever name they have
 */
public record AllowedTargets(List<String> hosts, List<Network> networks) {
  public static final AllowedTargets NONE = new AllowedTargets(List.of(), List.of());

  private static final Pattern ADDRESS =
      Pattern.compile("[0-9.]+(/\\d+)?|[0-9a-f:.]*:[0-9a-f:./]*");
  private static final Pattern NAME = Pattern.compile("[a-z0-9_]([a-z0-9_.-]{0,251}[a-z0-9_])?");

  public AllowedTargets {
    hosts = List.copyOf(hosts);
    networks = List.copyOf(networks);
  }

  /**
   * Reads names, addresses and networks.
   *
   * @throws IllegalArgumentException naming the item that is none of these
   */
  public static AllowedTargets parse(List<String> items) {
    List<String> hosts = new ArrayList<>();
    List<Network> networks = new ArrayList<>();
    for (String item : items) {
      String text = item.toLowerCase(Locale.ROOT);
      if (ADDRESS.matcher(text).matches()) {
        networks.add(Network.parse(text));
      } else if (NAME.matcher(text).matches()) {
        hosts.add(text);
      } else {
        throw new IllegalArgumentException("neither a host nor a network [item=" + item + "]");
      }
    }
    return new AllowedTargets(hosts, networks);
  }

  public boolean permits(String host, InetAddress address) {
    return hosts.contains(host.toLowerCase(Locale.ROOT))
        || networks.stream().anyMatch(network -> network.contains(address));
  }
}
