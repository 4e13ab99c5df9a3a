package dev.halcyon.verticles.blob;

import dev.halcyon.core.clip.ClipVersion.FileState;
import dev.halcyon.verticles.store.BlobRows.Reference;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a sweep has seen so far. What is to be repaired is kept up to a number, the rest counted.
 */
final class SweepFindings {
  /** The rest is the next sweep's. */
  private static final int MOST_REPAIRS = 10_000;

  /** So many faults are no sign of anything yet … */
  private static final int ALWAYS_BELIEVED = 20;

  /** … but more than a quarter of all is. */
  private static final int SUSPICIOUS_SHARE = 4;

  private final Instant youngerThan;
  private final List<StoredBlob> orphans = new ArrayList<>();
  private final List<Reference> suspects = new ArrayList<>();
  private long files;
  private long fileBytes;
  private long references;
  private long orphanCount;
  private long orphanBytes;
  private long lost;
  private long damaged;
  private long recovered;
  private long foreign;
  private long young;

  SweepFindings(Instant youngerThan) {
    this.youngerThan = youngerThan;
  }

  void foreign() {
    foreign++;
  }

  /**
   * A file without a row.
   *
   * @param isInMaking whether that may be yet to come
   */
  void unreferenced(StoredBlob file, boolean isInMaking) {
    count(file);
    if (isInMaking || file.modified().isAfter(youngerThan)) {
      young++;
      return;
    }
    orphanCount++;
    orphanBytes += file.sizeBytes();
    if (orphans.size() < MOST_REPAIRS) {
      orphans.add(file);
    }
  }

  /** A row without a file. */
  void missing(Reference row) {
    references++;
    if (row.isGoing() || row.state() == FileState.LOST) {
      return;
    }
    if (row.since().isAfter(youngerThan)) {
      young++;
      return;
    }
    lost++;
    suspect(row);
  }

  void pair(StoredBlob file, Reference row) {
    count(file);
    references++;
    boolean isWhole = row.sizeBytes().orElse(file.sizeBytes()) == file.sizeBytes();
    if (!isWhole && row.state() != FileState.DAMAGED) {
      damaged++;
      suspect(row);
    } else if (isWhole && row.state() != FileState.KEPT) {
      recovered++;
      suspect(row);
    }
  }

  private void suspect(Reference row) {
    if (suspects.size() < MOST_REPAIRS) {
      suspects.add(row);
    }
  }

  private void count(StoredBlob file) {
    files++;
    fileBytes += file.sizeBytes();
  }

  List<StoredBlob> orphans() {
    return orphans;
  }

  List<Reference> suspects() {
    return suspects;
  }

  /** Why the faults look like the operator's: another database, a store that is not mounted. */
  Optional<String> suspicion() {
    if (isTooMuch(orphanCount, files)) {
      return Optional.of(
          orphanCount + " of " + files + " files belong to no clip: is it the right database?");
    }
    if (isTooMuch(lost + damaged, references)) {
      return Optional.of(
          (lost + damaged)
              + " of "
              + references
              + " files of clips are lost or damaged: is it the right store, and is it mounted?");
    }
    return Optional.empty();
  }

  private static boolean isTooMuch(long faults, long all) {
    return faults > ALWAYS_BELIEVED && faults > all / SUSPICIOUS_SHARE;
  }

  SweepReport report(
      Instant startedAt, Duration duration, long repaired, long dropped, Optional<String> halted) {
    return new SweepReport(
        startedAt,
        duration,
        files,
        fileBytes,
        references,
        orphanCount,
        orphanBytes,
        lost,
        damaged,
        recovered,
        foreign,
        young,
        repaired,
        dropped,
        halted);
  }
}
