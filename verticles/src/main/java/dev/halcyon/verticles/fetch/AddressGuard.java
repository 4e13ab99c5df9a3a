package dev.halcyon.verticles.fetch;

import dev.halcyon.core.access.AddressRules;
import dev.halcyon.core.access.AllowedTargets;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * Decides what this server connects to when a user names the address. A name is looked up here,
 * once, and every address that it has must be allowed: who connects uses those addresses and never
 * asks again, so that an answer cannot change between the check and the connection. Blocking, for
 * as long as a name server takes; any thread.
 */
public final class AddressGuard {
  /** Where names become addresses; a test's own in tests. */
  public interface Resolver {
    /** The resolver of this machine. */
    Resolver SYSTEM = host -> List.of(InetAddress.getAllByName(host));

    List<InetAddress> resolve(String host) throws UnknownHostException;
  }

  private final Resolver resolver;
  private final AllowedTargets allowed;

  /**
   * @param allowed what may be connected to beside the public internet
   */
  public AddressGuard(Resolver resolver, AllowedTargets allowed) {
    this.resolver = Objects.requireNonNull(resolver, "resolver");
    this.allowed = Objects.requireNonNull(allowed, "allowed");
  }

  /**
   * Where an http or https address leads.
   *
   * @throws HalcyonException SOURCE_REFUSED when it may not be connected to, NETWORK_LOST when
   *     there is no such host
   */
  public Target check(URI uri) {
    URI ascii = URI.create(uri.toASCIIString());
    String scheme = String.valueOf(ascii.getScheme()).toLowerCase(Locale.ROOT);
    boolean isTls = scheme.equals("https");
    if (!isTls && !scheme.equals("http")) {
      throw refused("only http and https are fetched, not " + scheme);
    }
    if (ascii.getHost() == null || ascii.getPort() > 65_535 || ascii.getPort() == 0) {
      throw refused("the address names no host");
    }
    int port = ascii.getPort() > 0 ? ascii.getPort() : isTls ? 443 : 80;
    String host = bare(ascii.getHost());
    return new Target(ascii, host, port, isTls, addressesOf(host));
  }

  /**
   * The addresses of a host, each of which may be connected to; at least one.
   *
   * @param host a name or an address, without brackets
   * @throws HalcyonException as {@link #check}
   */
  public List<InetAddress> addressesOf(String host) {
    List<InetAddress> addresses;
    try {
      addresses = resolver.resolve(host);
    } catch (UnknownHostException unknown) {
      throw new HalcyonException(
          ErrorCode.NETWORK_LOST,
          "there is no host " + host + ", or no name server answers",
          unknown);
    }
    if (addresses.isEmpty()) {
      throw new HalcyonException(ErrorCode.NETWORK_LOST, "the host " + host + " has no address");
    }
    for (InetAddress address : addresses) {
      Optional<String> what = AddressRules.refusalOf(address);
      if (what.isPresent() && !allowed.permits(host, address)) {
        throw refused(
            host
                + " is not on the public internet ("
                + what.get()
                + "); ingest.pull.allow lets the operator allow it");
      }
    }
    return addresses;
  }

  private static String bare(String host) {
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  private static HalcyonException refused(String why) {
    return new HalcyonException(ErrorCode.SOURCE_REFUSED, why);
  }
}
