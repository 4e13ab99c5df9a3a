package dev.halcyon.core.access;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Names of hosts, each with all that is below it: {@code twitch.tv} stands for {@code
 * www.twitch.tv} too. Any thread.
 *
 * @param domains in lower case; {@code *} for every host
 */
public record HostList(List<String> domains) {
  private static final Pattern DOMAIN =
      Pattern.compile("\\*|[a-z0-9_]([a-z0-9_.-]{0,251}[a-z0-9_])?");

  public static final HostList ALL = new HostList(List.of("*"));
  public static final HostList NONE = new HostList(List.of());

  public HostList {
    domains = List.copyOf(domains);
    for (String domain : domains) {
      if (!DOMAIN.matcher(domain).matches()) {
        throw new IllegalArgumentException("no name of a host [domain=" + domain + "]");
      }
    }
  }

  /**
   * @throws IllegalArgumentException naming what is no name of a host
   */
  public static HostList parse(List<String> items) {
    return new HostList(items.stream().map(item -> item.toLowerCase(Locale.ROOT)).toList());
  }

  public boolean contains(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    return domains.stream()
        .anyMatch(
            domain -> domain.equals("*") || name.equals(domain) || name.endsWith("." + domain));
  }
}
