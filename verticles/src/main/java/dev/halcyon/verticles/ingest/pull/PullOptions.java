package dev.halcyon.verticles.ingest.pull;

import dev.halcyon.core.access.HostList;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * What is pulled, and how.
 *
 * @param folder whose files may be pulled
 * @param pageHosts hosts whose addresses are pages: another program finds the stream of those
 * @param maxHeightPx of the HLS variant that is chosen, if there is one
 * @param maxBitrateBps likewise
 * @param maxStreams at once
 * @param firstRetry after a failure; each further wait is twice as long, and up to half more
 * @param longestRetry of those waits
 */
public record PullOptions(
    Optional<Path> folder,
    HostList pageHosts,
    int maxHeightPx,
    long maxBitrateBps,
    int maxStreams,
    Duration firstRetry,
    Duration longestRetry) {
  public PullOptions {
    Objects.requireNonNull(folder, "folder");
    Objects.requireNonNull(pageHosts, "pageHosts");
    Objects.requireNonNull(firstRetry, "firstRetry");
    Objects.requireNonNull(longestRetry, "longestRetry");
  }
}
