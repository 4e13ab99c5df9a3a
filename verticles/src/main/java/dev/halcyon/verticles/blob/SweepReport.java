package dev.halcyon.verticles.blob;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a {@link BlobSweep} found.
 *
 * @param files in the store, of which {@code fileBytes}
 * @param references files that rows rely on
 * @param orphans files that no row relies on
 * @param lost files that rows rely on and that are not there
 * @param damaged files of another size than their rows say
 * @param recovered files that were lost or damaged and are right again
 * @param foreign files that no Halcyon put there; left alone
 * @param young files too young to be judged: their clips may be in the making
 * @param repaired how many of all these were put right
 * @param dropped files whose time in quarantine was over
 * @param halted why nothing was repaired although there was something to repair
 */
public record SweepReport(
    Instant startedAt,
    Duration duration,
    long files,
    long fileBytes,
    long references,
    long orphans,
    long orphanBytes,
    long lost,
    long damaged,
    long recovered,
    long foreign,
    long young,
    long repaired,
    long dropped,
    Optional<String> halted) {

  /** Whether store and rows agree, or were made to. */
  public boolean isInOrder() {
    return halted.isEmpty() && repaired == orphans + lost + damaged + recovered;
  }
}
