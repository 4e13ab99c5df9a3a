package dev.halcyon.verticles.record;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How sessions are recorded.
 *
 * @param dir for all recordings
 * @param threads that record
 * @param freeBytes of the disk that recordings leave alone
 * @param keepDays files that ended longer ago are deleted; 0 keeps them
 * @param keepBytes of a workspace's recordings; beyond it the oldest files are deleted; 0 keeps
 *     them
 * @param fileLength by the wall clock, after which a new file is begun
 */
public record RecordOptions(
    Path dir, int threads, long freeBytes, int keepDays, long keepBytes, Duration fileLength) {
  private static final Duration HOUR = Duration.ofHours(1);

  public static RecordOptions hourly(
      Path dir, int threads, long freeBytes, int keepDays, long keepBytes) {
    return new RecordOptions(dir, threads, freeBytes, keepDays, keepBytes, HOUR);
  }
}
