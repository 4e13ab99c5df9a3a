package dev.halcyon.verticles.blob;

import static dev.halcyon.verticles.store.Database.await;

import dev.halcyon.core.clip.ClipVersion.FileState;
import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.store.BlobRows;
import dev.halcyon.verticles.store.BlobRows.Reference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the store with the rows and puts right what disagrees: a file that belongs to nobody
 * goes into quarantine, a row whose file is lost or damaged says so. Both sides are read once in
 * the same order. Before anything is changed it is looked at again, and files younger than the
 * grace are left alone: clips are made meanwhile. One thread; blocking.
 */
public final class BlobSweep {
  private static final Logger log = LoggerFactory.getLogger(BlobSweep.class);

  private final BlobStore blobs;
  private final BlobRows rows;
  private final SweepOptions options;
  private final Clock clock;
  private final Predicate<UUID> isInMaking;
  private final Consumer<UUID> onClipChanged;

  /** What a sweep does about what it finds. */
  public enum Mode {
    REPORT,
    /** Unless so much is wrong that the database or the store is the wrong one. */
    REPAIR,
    REPAIR_WHATEVER_IS_FOUND
  }

  /**
   * @param isInMaking whether a clip is made here and its row may be yet to come, however long the
   *     database has been away
   * @param onClipChanged told of each clip whose row says something else now
   */
  public BlobSweep(
      BlobStore blobs,
      BlobRows rows,
      SweepOptions options,
      Clock clock,
      Predicate<UUID> isInMaking,
      Consumer<UUID> onClipChanged) {
    this.blobs = blobs;
    this.rows = rows;
    this.options = options;
    this.clock = clock;
    this.isInMaking = isInMaking;
    this.onClipChanged = onClipChanged;
  }

  /**
   * Sweeps once.
   *
   * @throws IOException when the store or the database could not be read; nothing is half done then
   */
  public SweepReport run(Mode mode) throws IOException {
    Instant startedAt = clock.now();
    long startNs = clock.nanoTime();
    SweepFindings found = new SweepFindings(startedAt.minus(options.grace()));
    compare(found);
    Optional<String> halted =
        mode == Mode.REPAIR_WHATEVER_IS_FOUND ? Optional.empty() : found.suspicion();
    boolean isRepairing = mode != Mode.REPORT && halted.isEmpty();
    long repaired = isRepairing ? repair(found) : 0;
    int dropped = isRepairing ? blobs.dropQuarantined(startedAt.minus(options.quarantine())) : 0;
    SweepReport report =
        found.report(
            startedAt, Duration.ofNanos(clock.nanoTime() - startNs), repaired, dropped, halted);
    tell(report, mode);
    return report;
  }

  private static void tell(SweepReport report, Mode mode) {
    if (report.halted().isPresent()) {
      log.error("files and rows disagree; nothing was repaired: {}", report.halted().get());
    } else if (report.orphans() + report.lost() + report.damaged() + report.recovered() > 0) {
      log.warn("files and rows disagreed [mode={}, report={}]", mode, report);
    }
  }

  private void compare(SweepFindings found) throws IOException {
    try (ReferenceReader references = new ReferenceReader(rows)) {
      var files = blobs.list();
      StoredBlob file = files.hasNext() ? files.next() : null;
      Optional<Reference> row = references.next();
      while (file != null || row.isPresent()) {
        if (file != null && file.key().isEmpty()) {
          found.foreign();
          file = files.hasNext() ? files.next() : null;
          continue;
        }
        int order = order(file, row);
        if (order < 0) {
          found.unreferenced(file, isInMaking.test(file.key().orElseThrow().clipId()));
        } else if (order > 0) {
          found.missing(row.orElseThrow());
        } else {
          found.pair(file, row.orElseThrow());
        }
        if (order <= 0) {
          file = files.hasNext() ? files.next() : null;
        }
        if (order >= 0) {
          row = references.next();
        }
      }
    } catch (UncheckedIOException failure) {
      throw failure.getCause();
    }
  }

  private static int order(StoredBlob file, Optional<Reference> row) {
    if (file == null) {
      return 1;
    }
    return row.isEmpty() ? -1 : file.name().compareTo(row.get().blobKey());
  }

  private long repair(SweepFindings found) throws IOException {
    long repaired = 0;
    for (StoredBlob orphan : found.orphans()) {
      repaired += setAside(orphan) ? 1 : 0;
    }
    for (Reference suspect : found.suspects()) {
      repaired += restate(suspect) ? 1 : 0;
    }
    return repaired;
  }

  private boolean setAside(StoredBlob orphan) throws IOException {
    if (await(rows.isReferenced(orphan.name()))) {
      return true;
    }
    blobs.quarantine(orphan.key().orElseThrow());
    log.info("file without a row put aside [key={}]", orphan.name());
    return true;
  }

  /** Writes into the row what its file is like now. */
  private boolean restate(Reference reference) throws IOException {
    FileState now = stateOf(reference);
    Optional<UUID> changed =
        switch (reference.kind()) {
          case VERSION -> await(rows.mark(reference.blobKey(), now));
          case POSTER ->
              now == FileState.KEPT
                  ? Optional.empty()
                  : await(rows.dropPoster(reference.blobKey()));
          case DERIVED -> {
            if (now != FileState.KEPT) {
              await(rows.dropDerived(reference.blobKey()));
            }
            yield Optional.empty();
          }
        };
    changed.ifPresent(
        clip -> {
          log.warn("file of a clip is {} [clip={}, key={}]", now, clip, reference.blobKey());
          onClipChanged.accept(clip);
        });
    return true;
  }

  private FileState stateOf(Reference reference) throws IOException {
    Optional<BlobKey> key = BlobKey.read(reference.blobKey());
    if (key.isEmpty()) {
      return FileState.LOST;
    }
    try {
      long sizeBytes = blobs.sizeBytes(key.get());
      boolean isWhole = reference.sizeBytes().orElse(sizeBytes) == sizeBytes;
      return isWhole ? FileState.KEPT : FileState.DAMAGED;
    } catch (NoSuchFileException gone) {
      return FileState.LOST;
    }
  }
}
