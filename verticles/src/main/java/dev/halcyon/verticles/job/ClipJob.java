package dev.halcyon.verticles.job;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.job.Job;
import dev.halcyon.core.job.JobMachine;
import dev.halcyon.core.job.JobStatus;
import dev.halcyon.core.job.StepFailure;
import dev.halcyon.core.job.StepName;
import dev.halcyon.core.job.StepRow;
import dev.halcyon.core.render.RenderWish;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** One call of {@code halcyon clip}: a video, a folder, and what is to be made. */
final class ClipJob {
  private final Path source;
  private final Optional<Path> transcript;
  private final Path target;
  private final ClipSettings settings;
  private final ClipListener listener;
  private final InstantSource clock = InstantSource.system();
  private volatile ClipRun run;
  private volatile boolean isStopped;

  ClipJob(
      Path source,
      Optional<Path> transcript,
      Path target,
      ClipSettings settings,
      ClipListener listener) {
    this.source = Objects.requireNonNull(source, "source");
    this.transcript = Objects.requireNonNull(transcript, "transcript");
    this.target = Objects.requireNonNull(target, "target");
    this.settings = Objects.requireNonNull(settings, "settings");
    this.listener = Objects.requireNonNull(listener, "listener");
  }

  /**
   * Makes the clips.
   *
   * @throws HalcyonException what the first failed step failed of; EDIT_CONFLICT when another run
   *     has the folder; BAD_REQUEST when files that are not its own would be written over;
   *     CANCELLED
   */
  ClipSummary run() {
    FolderGuard.require(target, inputs());
    try (ClipFolder folder = ClipFolder.open(target)) {
      FileJobStore store = new FileJobStore(folder.state());
      List<StepRow> earlier = store.earlier();
      Instant now = clock.instant();
      Job job = JobMachine.created(UUID.randomUUID(), true, skipped(), now);
      ClipSteps steps =
          new ClipSteps(
              source,
              SourceLabel.of(source),
              transcript,
              folder,
              settings,
              clip -> RenderWish.NONE,
              listener);
      run = new ClipRun(job, earlier, store, steps, listener, clock);
      if (isStopped) {
        throw new HalcyonException(ErrorCode.CANCELLED, "stopped");
      }
      Job ended = run.run();
      if (ended.status() == JobStatus.FAILED) {
        StepFailure why = ended.failure().orElseThrow();
        throw new HalcyonException(why.code(), why.message());
      }
      steps.forgetClipsOf(earlier);
      return steps.summary();
    }
  }

  private List<Path> inputs() {
    return Stream.of(Optional.of(source), transcript, settings.faceModel())
        .flatMap(Optional::stream)
        .toList();
  }

  private EnumSet<StepName> skipped() {
    EnumSet<StepName> skipped = EnumSet.of(StepName.DIARIZE);
    if (transcript.isEmpty()) {
      skipped.add(StepName.TRANSCRIBE);
    }
    return skipped;
  }

  /** Ends it as soon as it can; any thread. */
  void stop() {
    isStopped = true;
    ClipRun running = run;
    if (running != null) {
      running.stop();
    }
  }
}
