package dev.halcyon.verticles.job;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.job.Job;
import dev.halcyon.core.job.JobMachine;
import dev.halcyon.core.job.JobStatus;
import dev.halcyon.core.job.JobStore;
import dev.halcyon.core.job.JobTrace;
import dev.halcyon.core.job.StepFailure;
import dev.halcyon.core.job.StepName;
import dev.halcyon.core.job.StepRow;
import dev.halcyon.core.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * One job in hand, from where it is to where it has to wait. One thread runs it; {@link #stop} is
 * for any thread.
 */
final class JobRun {
  private static final Logger log = LoggerFactory.getLogger(JobRun.class);
  private static final String TRACE = "trace_id";

  private final UUID workspaceId;
  private final JobClips clips;
  private final JobAnnouncer announcer;
  private final Clock clock;
  private final KeptJob kept;
  private final JobProgress progress;
  private final Function<ClipListener, JobWork> works;
  private ClipRun run;
  private boolean isStopped;

  /**
   * @param job claimed by this node
   * @param works opens its steps, when it is run
   */
  JobRun(
      UUID workspaceId,
      Job job,
      JobStore store,
      Function<ClipListener, JobWork> works,
      JobProgress.Kept progressRows,
      JobClips clips,
      JobAnnouncer announcer,
      Clock clock) {
    this.workspaceId = workspaceId;
    this.works = works;
    this.clips = clips;
    this.announcer = announcer;
    this.clock = clock;
    this.kept = new KeptJob(job, store, this::changed);
    this.progress =
        new JobProgress(
            kept::job,
            (steps, done, mediaUs) ->
                announcer.progressed(
                    workspaceId, kept.job(), percent(kept.job()), steps, done, mediaUs),
            progressRows,
            clock);
  }

  private int percent(Job job) {
    return progress.percent(job);
  }

  private void changed(Job before, Job after) {
    announcer.changed(workspaceId, before, after, percent(after));
    for (StepRow row : after.steps()) {
      if (row.key().name() == StepName.RENDER && KeptJob.hasFailed(before, row)) {
        clipFailed(after, row);
      }
    }
  }

  private void clipFailed(Job job, StepRow row) {
    try {
      clips.failed(
          Job.clipId(job.id(), row.key().part()),
          row.failure().map(StepFailure::message).orElse("it failed"));
    } catch (HalcyonException away) {
      // The job says it; the clip will with its next attempt.
      log.warn("a clip is not told as failed [job={}]: {}", job.id(), away.getMessage());
    }
  }

  /** Runs the steps that are ready. What somebody else has stopped is left as it is. */
  void run() {
    MDC.put(TRACE, JobTrace.traceId(kept.job().id()));
    try (JobWork work = opened()) {
      recover();
      begin(work).runWhileReady();
    } catch (HalcyonException ended) {
      if (ended.code() != ErrorCode.CANCELLED) {
        throw ended;
      }
    } finally {
      MDC.clear();
    }
  }

  private JobWork opened() {
    try {
      return works.apply(progress);
    } catch (RuntimeException failure) {
      return new LostWork(failure);
    }
  }

  private synchronized ClipRun begin(JobWork work) {
    if (isStopped) {
      throw new HalcyonException(ErrorCode.CANCELLED, "stopped");
    }
    run = new ClipRun(kept.job(), List.of(), kept, work, progress, clock::now);
    return run;
  }

  /** Rows that seem to run are of somebody who is gone: nobody else has the job. */
  void recover() {
    Job left = kept.job();
    while (left.isRunning() && !left.status().isEnd()) {
      Job next = JobMachine.recovered(left, key -> true, clock.now());
      left = kept.save(next, left.revision()) ? next : kept.find(left.id()).orElseThrow();
    }
  }

  /** Ends it as soon as it can, its process with it. Any thread. */
  synchronized void stop() {
    isStopped = true;
    kept.stop();
    if (run != null) {
      run.stop();
    }
  }

  /** What is not made will not be, when somebody has cancelled the job meanwhile. */
  void forsake() {
    if (kept.find(kept.job().id()).map(Job::status).orElse(null) == JobStatus.CANCELLED) {
      clips.abandon(kept.job().id(), "the job was cancelled");
    }
  }
}
