package dev.halcyon.verticles.node;

import dev.halcyon.core.access.AllowedTargets;
import dev.halcyon.core.access.HostList;
import dev.halcyon.verticles.fetch.AddressGuard;
import dev.halcyon.verticles.fetch.GuardedHttp;
import dev.halcyon.verticles.fetch.HttpProxy;
import dev.halcyon.verticles.fetch.SourceFetch;
import dev.halcyon.verticles.fetch.SourceOptions;
import dev.halcyon.verticles.ingest.pull.PullOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What may be fetched because a user names it.
 *
 * @param allowed beside the public internet
 * @param sources of jobs
 * @param pull of streams
 */
public record FetchConfig(AllowedTargets allowed, SourceOptions sources, PullOptions pull) {
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
            source.whole("jobs.free_bytes", 0, Long.MAX_VALUE),
            SourceOptions.DEFAULT.backOff(),
            parsed(
                "jobs.sources.proxy_url",
                items(proxies.isEmpty() ? environment.getOrDefault("PROXY_URL", "") : proxies),
                all -> all.stream().map(HttpProxy::parse).toList()),
            toolPath.isEmpty() ? path : toolPath + ":" + path),
        pull(source));
  }

  private static PullOptions pull(ConfigSource source) {
    return new PullOptions(
        NodeConfig.optional(source, "ingest.pull.folder")
            .map(folder -> Path.of(folder).toAbsolutePath().normalize()),
        parsed("jobs.sources.hosts", items(source, "jobs.sources.hosts"), HostList::parse),
        (int) source.whole("ingest.pull.max_height", 16, 100_000),
        source.whole("ingest.max_bitrate_bps", 100_000, 1_000_000_000),
        (int) source.whole("ingest.pull.max_streams", 0, 10_000),
        Duration.ofMillis(source.whole("ingest.pull.retry_ms", 10, 3_600_000)),
        Duration.ofMillis(source.whole("ingest.pull.longest_retry_ms", 10, 86_400_000)));
  }

  /** Of addresses that streams may be pulled from. */
  Set<String> pullSchemes() {
    return pull.folder().isPresent() ? Set.of("http", "https", "file") : Set.of("http", "https");
  }

  /** For who types the address himself: see {@link SourceOptions#forCommandLine}. */
  static SourceFetch commandLine() {
    FetchConfig config =
        read(ConfigSource.load(Optional.empty(), System.getenv()), System.getenv());
    return new SourceFetch(config.http(), config.sources().forCommandLine());
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
