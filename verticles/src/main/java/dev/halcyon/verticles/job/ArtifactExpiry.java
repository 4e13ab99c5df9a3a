package dev.halcyon.verticles.job;

import static dev.halcyon.verticles.store.PostgresJobStore.awaited;

import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.store.PostgresJobStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what jobs have found in their sources once it is old; their clips are not among it.
 * Blocking; one thread.
 */
final class ArtifactExpiry {
  private static final Logger log = LoggerFactory.getLogger(ArtifactExpiry.class);
  private static final int AT_ONCE = 100;

  private final PostgresJobStore store;
  private final JobFolders folders;
  private final AnalysisCache cache;
  private final Duration kept;
  private final Clock clock;

  /** Jobs whose rows say that their files are gone, before they are. */
  private final Set<UUID> undeleted = new LinkedHashSet<>();

  ArtifactExpiry(
      PostgresJobStore store, JobFolders folders, AnalysisCache cache, Duration kept, Clock clock) {
    this.store = Objects.requireNonNull(store, "store");
    this.folders = Objects.requireNonNull(folders, "folders");
    this.cache = Objects.requireNonNull(cache, "cache");
    this.kept = Objects.requireNonNull(kept, "kept");
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  /** Deletes once; returns the jobs whose files are out of use from now on. */
  List<UUID> run() throws IOException {
    Instant before = clock.now().minus(kept);
    List<UUID> old = awaited(store.withOldArtifacts(before, AT_ONCE));
    undeleted.removeIf(this::isDeleted);
    List<UUID> gone = new ArrayList<>();
    for (UUID job : old) {
      // First the row: then nobody begins to render out of a folder that goes.
      if (awaited(store.noteArtifactsGone(job, before))) {
        gone.add(job);
        if (!isDeleted(job)) {
          undeleted.add(job);
        }
      }
    }
    cache.dropUnused(before);
    return gone;
  }

  private boolean isDeleted(UUID job) {
    try {
      folders.delete(job);
      log.info("files of a job deleted, its clips stay [job={}]", job);
      return true;
    } catch (IOException failure) {
      log.warn("files of a job cannot be deleted yet [job={}]: {}", job, failure.toString());
      return false;
    }
  }
}
