package dev.halcyon.verticles.node;

import dev.halcyon.core.access.AllowedTargets;
import dev.halcyon.core.access.HostList;
import dev.halcyon.verticles.fetch.AddressGuard;
import dev.halcyon.verticles.fetch.GuardedHttp;
import dev.halcyon.verticles.fetch.HttpProxy;
import dev.halcyon.verticles.fetch.SourceFetch;
import dev.halcyon.verticles.fetch.SourceOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * What may be fetched because a user names it.
 *
 * @param allowed beside the public internet
 */
public record FetchConfig(AllowedTargets allowed, SourceOptions sources) {
  private static final long MAX_TIMEOUT_S = Duration.ofDays(1).toSeconds();

  /**
   * @param environment for PROXY_URL and PATH, which other programs know by these names
   * @throws ConfigException when anything in it is wrong
   */
  static FetchConfig read(ConfigSource source, Map<String, String> environment) {
    String proxies = source.text("jobs.sources.proxy_url");
    String toolPath = source.text("jobs.sources.tool_path");
    String path = environment.getOrDefault("PATH", "");
    return new FetchConfig(
        parsed("ingest.pull.allow", items(source, "ingest.pull.allow"), AllowedTargets::parse),
        new SourceOptions(
            parsed("jobs.sources.hosts", items(source, "jobs.sources.hosts"), HostList::parse),
            parsed(
                "jobs.sources.media_hosts",
                items(source, "jobs.sources.media_hosts"),
                HostList::parse),
            source.whole("jobs.sources.max_bytes", 1, Long.MAX_VALUE / 4),
            Duration.ofSeconds(source.whole("jobs.sources.timeout_s", 1, MAX_TIMEOUT_S)),
            SourceOptions.DEFAULT.backOff(),
            parsed(
                "jobs.sources.proxy_url",
                items(proxies.isEmpty() ? environment.getOrDefault("PROXY_URL", "") : proxies),
                all -> all.stream().map(HttpProxy::parse).toList()),
            toolPath.isEmpty() ? path : toolPath + ":" + path));
  }

  /** For who types the address himself: files of every host, on the public internet. */
  static SourceFetch commandLine() {
    FetchConfig config =
        read(ConfigSource.load(Optional.empty(), System.getenv()), System.getenv());
    return new SourceFetch(config.http(), config.sources().withMediaHosts(HostList.ALL));
  }

  GuardedHttp http() {
    return new GuardedHttp(new AddressGuard(AddressGuard.Resolver.SYSTEM, allowed));
  }

  /** What brings the sources of jobs here. */
  SourceFetch sourceFetch() {
    return new SourceFetch(http(), sources);
  }

  private static List<String> items(ConfigSource source, String key) {
    return items(source.text(key));
  }

  private static List<String> items(String text) {
    return List.of(text.split(",", -1)).stream()
        .map(String::strip)
        .filter(item -> !item.isEmpty())
        .toList();
  }

  private static <T> T parsed(String key, List<String> items, Function<List<String>, T> parse) {
    try {
      return parse.apply(items);
    } catch (IllegalArgumentException malformed) {
      throw new ConfigException(key + ": " + malformed.getMessage(), malformed);
    }
  }
}
