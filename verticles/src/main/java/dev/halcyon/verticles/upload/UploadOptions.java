package dev.halcyon.verticles.upload;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * What users may bring, and for how long it stays.
 *
 * @param dir where the files are
 * @param maxBytes of one file
 * @param linkLifetime how long the PUT of a file may begin
 * @param keep how long a file stays that no job opens
 * @param freeBytes of the disk that uploads leave alone
 */
public record UploadOptions(
    Path dir, long maxBytes, Duration linkLifetime, Duration keep, long freeBytes) {
  public UploadOptions {
    Objects.requireNonNull(dir, "dir");
    Objects.requireNonNull(linkLifetime, "linkLifetime");
    Objects.requireNonNull(keep, "keep");
  }

  /** In a folder, with the defaults of conf/halcyon.yaml. */
  public static UploadOptions in(Path dir) {
    return new UploadOptions(dir, 2L << 30, Duration.ofHours(1), Duration.ofDays(7), 2L << 30);
  }
}
