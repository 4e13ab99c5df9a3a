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
 * @param freeBytes of the disk that a fetch leaves alone
 * @param backOff before a second try; the third waits twice as long
 * @param proxies used in turn; empty for none
 * @param toolPath folders with the two programs, as PATH lists them
 */
public record SourceOptions(
    HostList pageHosts,
    HostList mediaHosts,
    long maxBytes,
    Duration timeout,
    long freeBytes,
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

  /** Nobody waits behind it. */
  private static final Duration COMMAND_LINE = Duration.ofHours(2);

  /** As the configuration's. */
  public static final SourceOptions DEFAULT =
      new SourceOptions(
          PAGE_HOSTS,
          HostList.NONE,
          2_000_000_000,
          Duration.ofMinutes(10),
          2L << 30,
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
    if (maxBytes < 1 || freeBytes < 0) {
      throw new IllegalArgumentException(
          "out of range [maxBytes=" + maxBytes + ", freeBytes=" + freeBytes + "]");
    }
  }

  /** For who types the address himself and waits for it: files of every host, on his own disk. */
  public SourceOptions forCommandLine() {
    return new SourceOptions(
        pageHosts, HostList.ALL, maxBytes, COMMAND_LINE, 0, backOff, proxies, toolPath);
  }
}
