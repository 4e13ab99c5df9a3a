package dev.halcyon.verticles.blob;

import java.time.Duration;

/**
 * How a {@link BlobSweep} goes about it.
 *
 * @param grace how old a file without a row must be before it belongs to nobody
 * @param quarantine how long such a file is kept aside
 */
public record SweepOptions(Duration grace, Duration quarantine) {
  public static final SweepOptions DEFAULT =
      new SweepOptions(Duration.ofHours(1), Duration.ofDays(7));
}
