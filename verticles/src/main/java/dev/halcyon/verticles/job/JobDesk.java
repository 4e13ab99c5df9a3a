package dev.halcyon.verticles.job;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.job.Job;
import dev.halcyon.core.job.JobCommand;
import dev.halcyon.core.job.JobMachine;
import dev.halcyon.core.job.JobStatus;
import dev.halcyon.core.job.StepKey;
import dev.halcyon.core.job.StepName;
import dev.halcyon.core.job.StepStatus;
import dev.halcyon.core.render.RenderWish;
import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.store.JobRow;
import dev.halcyon.verticles.store.PostgresJobStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;

/** Does what users want of jobs; whoever works on them is told. One event loop. */
final class JobDesk {
  /** Somebody who changes a job each time between our look and our change is a fault. */
  private static final int MOST_TRIES = 20;

  private final Vertx vertx;
  private final PostgresJobStore store;
  private final JobWorks works;
  private final JobRunner runner;
  private final JobClips clips;
  private final JobAnnouncer announcer;
  private final JobOptions options;
  private final Clock clock;

  JobDesk(
      Vertx vertx,
      PostgresJobStore store,
      JobWorks works,
      JobRunner runner,
      JobClips clips,
      JobAnnouncer announcer,
      JobOptions options,
      Clock clock) {
    this.vertx = vertx;
    this.store = store;
    this.works = works;
    this.runner = runner;
    this.clips = clips;
    this.announcer = announcer;
    this.options = options;
    this.clock = clock;
  }

  /** Keeps a new job; fails with NOT_FOUND, BAD_REQUEST or LIMIT_REACHED. */
  Future<Void> create(JobOrder order) {
    return blocking(() -> works.requireSource(order.workspaceId(), order.source()))
        .compose(there -> store.create(rowOf(order), order.transcript(), options.perWorkspace()))
        .onSuccess(kept -> runner.poke());
  }

  private JobRow rowOf(JobOrder order) {
    EnumSet<StepName> skipped = EnumSet.of(StepName.DIARIZE);
    if (order.transcript().isEmpty()) {
      skipped.add(StepName.TRANSCRIBE);
    }
    return new JobRow(
        JobMachine.created(order.id(), order.settings().isAutoApproved(), skipped, clock.now()),
        order.workspaceId(),
        order.userId(),
        order.source(),
        order.settings().json(),
        Map.of(),
        order.transcript().isPresent(),
        true);
  }

  /** Fails with JOB_NOT_FOUND, or with JOB_STATE when the job's state does not allow it. */
  Future<Void> execute(JobCommand command) {
    return switch (command) {
      case JobCommand.Delete delete -> delete(delete);
      case JobCommand.Pause pause ->
          change(pause, row -> JobMachine.paused(row.job(), clock.now()));
      case JobCommand.Resume resume ->
          change(resume, row -> JobMachine.resumed(row.job(), clock.now()));
      case JobCommand.Approve approve ->
          change(approve, row -> JobMachine.approved(row.job(), clock.now()));
      case JobCommand.Retry retry -> retry(retry);
      case JobCommand.Rerender rerender -> rerender(rerender);
    };
  }

  private Future<Void> rerender(JobCommand.Rerender command) {
    return found(command)
        .compose(
            row -> {
              requireRendered(row);
              return blocking(() -> requireWithin(row, command.wish()));
            })
        .compose(
            fit ->
                change(
                    command,
                    row -> rerendered(row, command),
                    (job, basedOn) -> store.put(job, basedOn, command.clipId(), command.wish()),
                    MOST_TRIES));
  }

  private Job rerendered(JobRow row, JobCommand.Rerender command) {
    requireRendered(row);
    String part = partOf(row.job(), command.clipId());
    return JobMachine.rerendered(row.job(), List.of(part), clock.now());
  }

  private static void requireRendered(JobRow row) {
    if (!JobMachine.isRerenderable(row.job())) {
      throw new HalcyonException(
          ErrorCode.JOB_STATE,
          "the job is " + row.job().status().wire() + ": its clips are rendered first");
    }
    if (!row.hasArtifacts()) {
      throw gone(row.job().id());
    }
  }

  private static HalcyonException gone(UUID job) {
    return new HalcyonException(
        ErrorCode.SOURCE_GONE,
        "what was found in the video, or the video itself, is deleted by now: make a new job in"
            + " the stead of "
            + job);
  }

  private static String partOf(Job job, UUID clipId) {
    return job.rows(StepName.RENDER).stream()
        .map(row -> row.key().part())
        .filter(part -> Job.clipId(job.id(), part).equals(clipId))
        .findFirst()
        .orElseThrow(
            () -> new HalcyonException(ErrorCode.CLIP_NOT_FOUND, "no clip of the job: " + clipId));
  }

  private void requireWithin(JobRow row, RenderWish wish) {
    if (!works.hasSource(row)) {
      throw gone(row.job().id());
    }
    if (wish.fromUs().isEmpty()) {
      return; // It begins where it was chosen.
    }
    long endUs = works.sourceLengthUs(row.job().id());
    if (endUs - wish.fromUs().getAsLong() < RenderWish.SHORTEST_US) {
      throw new HalcyonException(
          ErrorCode.BAD_REQUEST,
          "from_us: a clip lasts a second at least, and the video ends at " + endUs);
    }
  }

  private Future<Void> delete(JobCommand.Delete command) {
    return found(command)
        .compose(
            row -> {
              if (row.job().status().isEnd()) {
                return hide(command, row.job().status());
              }
              return change(command, this::cancelled)
                  .compose(done -> runner.stop(command.jobId()) ? done() : abandon(command));
            });
  }

  private Future<Void> hide(JobCommand.Delete command, JobStatus end) {
    // Whoever cancelled it may not have come as far as its clips.
    Future<Void> clipless = end == JobStatus.CANCELLED ? abandon(command) : done();
    return clipless
        .compose(done -> store.delete(command.jobId()))
        .compose(isHidden -> isHidden ? done() : delete(command));
  }

  /** One that has come to its end meanwhile stays as it is. */
  private Job cancelled(JobRow row) {
    Job job = row.job();
    return job.status().isEnd() ? job : JobMachine.cancelled(job, clock.now());
  }

  private static Future<Void> done() {
    return Future.succeededFuture();
  }

  private Future<Void> abandon(JobCommand command) {
    return blocking(() -> clips.abandon(command.jobId(), "the job was cancelled"));
  }

  private Future<Void> retry(JobCommand.Retry command) {
    return change(command, row -> retried(row, command));
  }

  private Job retried(JobRow row, JobCommand.Retry command) {
    if (!row.hasArtifacts()) {
      throw new HalcyonException(
          ErrorCode.JOB_STATE, "what the job has found so far is deleted by now: make a new job");
    }
    if (row.job().status() == JobStatus.FAILED) {
      command.step().ifPresent(step -> requireFailed(row.job(), step));
    }
    return JobMachine.retried(row.job(), key -> isMeant(command, key), clock.now());
  }

  private static void requireFailed(Job job, StepKey step) {
    if (job.step(step).filter(row -> row.status() == StepStatus.FAILED).isEmpty()) {
      throw new HalcyonException(
          ErrorCode.JOB_STATE, "the job has no step " + step.wire() + " that failed");
    }
  }

  private static boolean isMeant(JobCommand.Retry command, StepKey key) {
    return command.step().map(key::equals).orElse(true);
  }

  private Future<JobRow> found(JobCommand command) {
    return store
        .byId(command.workspaceId(), command.jobId())
        .map(row -> row.orElseThrow(() -> missing(command.jobId())));
  }

  private static HalcyonException missing(UUID id) {
    return new HalcyonException(ErrorCode.JOB_NOT_FOUND, "no job has the id " + id);
  }

  private Future<Void> change(JobCommand command, Function<JobRow, Job> change) {
    return change(command, change, store::put, MOST_TRIES);
  }

  private Future<Void> change(
      JobCommand command, Function<JobRow, Job> change, Keeping keeping, int triesLeft) {
    return found(command)
        .compose(
            row -> {
              Job next = changed(row, change);
              if (next.equals(row.job())) {
                return done();
              }
              return keeping
                  .keep(next, row.job().revision())
                  .compose(
                      kept -> {
                        if (kept) {
                          announcer.changed(
                              row.workspaceId(), row.job(), next, next.percent(row.running()));
                          runner.poke();
                          return done();
                        }
                        return triesLeft > 0
                            ? change(command, change, keeping, triesLeft - 1)
                            : Future.failedFuture(
                                new HalcyonException(
                                    ErrorCode.OVERLOADED, "the job changes too fast; try again"));
                      });
            });
  }

  /** Keeps a next state, as {@link PostgresJobStore#put}. */
  private interface Keeping {
    Future<Boolean> keep(Job job, long basedOn);
  }

  private static Job changed(JobRow row, Function<JobRow, Job> change) {
    try {
      return change.apply(row);
    } catch (IllegalStateException misplaced) {
      throw new HalcyonException(
          ErrorCode.JOB_STATE, "the job is " + row.job().status().wire(), misplaced);
    }
  }

  private Future<Void> blocking(Runnable work) {
    return vertx.executeBlocking(
        () -> {
          work.run();
          return null;
        },
        false);
  }
}
