package dev.halcyon.verticles.fetch;

import dev.halcyon.core.access.HostList;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a job may be given as its source's address.
 *
 * @param pageHosts hosts whose pages yt-dlp or streamlink may be sent to
 * @param mediaHosts hosts whose files are taken as they are
 * @param maxBytes of a source
 * @param timeout for all of it
 * @param backOff before a second try; the third waits twice as long
 * @param proxies used in turn; empty for none
 * @param toolPath folders with the two programs, as PATH lists them
 */
public record SourceOptions(
    HostList pageHosts,
    HostList mediaHosts,
    long maxBytes,
    Duration timeout,
    Duration backOff,
    List<HttpProxy> proxies,
    String toolPath) {
  public static final HostList PAGE_HOSTS =
      HostList.parse(
          List.of(
              "youtube.com",
              "youtu.be",
              "twitch.tv",
              "vimeo.com",
              "instagram.com",
              "tiktok.com",
              "x.com"));

  /** As the configuration's. */
  public static final SourceOptions DEFAULT =
      new SourceOptions(
          PAGE_HOSTS,
          HostList.NONE,
          2_000_000_000,
          Duration.ofHours(2),
          Duration.ofSeconds(2),
          List.of(),
          Optional.ofNullable(System.getenv("PATH")).orElse(""));

  public SourceOptions {
    Objects.requireNonNull(pageHosts, "pageHosts");
    Objects.requireNonNull(mediaHosts, "mediaHosts");
    Objects.requireNonNull(timeout, "timeout");
    Objects.requireNonNull(backOff, "backOff");
    proxies = List.copyOf(proxies);
    Objects.requireNonNull(toolPath, "toolPath");
    if (maxBytes < 1) {
      throw new IllegalArgumentException("out of range [maxBytes=" + maxBytes + "]");
    }
  }

  public SourceOptions withMediaHosts(HostList hosts) {
    return new SourceOptions(pageHosts, hosts, maxBytes, timeout, backOff, proxies, toolPath);
  }
}
