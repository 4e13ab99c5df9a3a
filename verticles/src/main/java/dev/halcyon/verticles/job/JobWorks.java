package dev.halcyon.verticles.job;

import static dev.halcyon.verticles.store.PostgresJobStore.awaited;

import dev.halcyon.core.error.DiskFailure;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.job.Job;
import dev.halcyon.verticles.fetch.Cancellation;
import dev.halcyon.verticles.fetch.SourceFetch;
import dev.halcyon.verticles.store.JobRow;
import dev.halcyon.verticles.store.PostgresJobStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/** Opens the steps of the server's jobs. Blocking; any thread. */
final class JobWorks {
  private final PostgresJobStore store;
  private final JobFolders folders;
  private final AnalysisCache cache;
  private final JobClips clips;
  private final SourceFiles files;
  private final SourceFetch fetch;

  JobWorks(
      PostgresJobStore store,
      JobFolders folders,
      AnalysisCache cache,
      JobClips clips,
      SourceFiles files,
      SourceFetch fetch) {
    this.store = store;
    this.folders = folders;
    this.cache = cache;
    this.clips = clips;
    this.files = files;
    this.fetch = fetch;
  }

  /**
   * Refuses a source that a job could not begin with.
   *
   * @throws HalcyonException NOT_FOUND for a file that is not there, else what an address is
   *     refused for
   */
  void requireSource(UUID workspaceId, JobRow.Source source) {
    source.fileKey().ifPresent(key -> files.require(workspaceId, key));
    source.url().ifPresent(fetch::require);
  }

  /** Whether the video of a job that was through with it is still here. */
  boolean hasSource(JobRow row) {
    try {
      return Files.exists(sourceOf(row).path());
    } catch (HalcyonException gone) {
      if (gone.code() == ErrorCode.DATABASE_UNAVAILABLE) {
        throw gone;
      }
      return false;
    }
  }

  /** How long the video of a job is that was through with looking at it. */
  long sourceLengthUs(UUID job) {
    return folders.sourceLengthUs(job);
  }

  JobWork open(JobRow row, ClipListener listener) {
    Job job = row.job();
    JobSource source = sourceOf(row);
    ClipFolder folder = ClipFolder.open(folders.of(job.id()));
    try {
      ClipSteps steps =
          new ClipSteps(
              source.path(),
              source.label(),
              transcriptOf(row, folder),
              folder,
              JobSettings.of(row.settings()).clips(),
              part -> clips.wishOf(Job.clipId(job.id(), part)),
              listener);
      return new JobSteps(
          source, row.workspaceId(), job.id(), folder, steps, cache, clips, listener);
    } catch (RuntimeException failure) {
      folder.close();
      throw failure;
    }
  }

  private JobSource sourceOf(JobRow row) {
    return row.source()
        .fileKey()
        .<JobSource>map(key -> new JobSource.Uploaded(key, files.open(row.workspaceId(), key)))
        .orElseGet(
            () ->
                new JobSource.Remote(
                    row.source().url().orElseThrow(),
                    folders.fetched(row.job().id()),
                    folders.fetchedFile(row.job().id()),
                    fetch,
                    new Cancellation()));
  }

  /** As a file in the job's folder, where the step that reads it finds it by its ending. */
  private Optional<Path> transcriptOf(JobRow row, ClipFolder folder) {
    if (!row.hasTranscript()) {
      return Optional.empty();
    }
    PostgresJobStore.Transcript given = awaited(store.transcript(row.job().id())).orElseThrow();
    Path file = folder.path().resolve(ClipFolder.HIDDEN).resolve("given." + given.format());
    try {
      if (Files.notExists(file)) {
        WholeFile.write(file, given.text());
      }
      return Optional.of(file);
    } catch (IOException failure) {
      throw new HalcyonException(
          DiskFailure.codeOf(failure), "the transcript: " + failure.getMessage(), failure);
    }
  }
}
