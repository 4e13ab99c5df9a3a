package dev.halcyon.verticles.job;

import static dev.halcyon.verticles.store.PostgresJobStore.awaited;

import dev.halcyon.core.job.JobCommand;
import dev.halcyon.core.job.JobLeases;
import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.bus.Addresses;
import dev.halcyon.verticles.bus.Bus;
import dev.halcyon.verticles.fetch.SourceFetch;
import dev.halcyon.verticles.store.JobRow;
import dev.halcyon.verticles.store.PostgresJobStore;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.MessageConsumer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Jobs over files: takes what is wanted from the bus, and works on it. Deploy one a node. */
public final class JobVerticle extends VerticleBase {
  private static final Logger log = LoggerFactory.getLogger(JobVerticle.class);
  private static final long EXPIRY_MS = 3_600_000;

  private final Surroundings around;
  private final JobOptions options;
  private final AnalysisCache cache;
  private final List<MessageConsumer<?>> consumers = new ArrayList<>();
  private JobAnnouncer announcer;
  private JobRunner runner;
  private JobWorks works;
  private volatile boolean isShort;

  /** What jobs work with. */
  public record Surroundings(
      PostgresJobStore store,
      JobLeases leases,
      JobFolders folders,
      JobClips clips,
      SourceFiles files,
      SourceFetch fetch,
      JobMetrics metrics,
      Clock clock) {
    public Surroundings {
      Objects.requireNonNull(store, "store");
      Objects.requireNonNull(leases, "leases");
      Objects.requireNonNull(folders, "folders");
      Objects.requireNonNull(clips, "clips");
      Objects.requireNonNull(files, "files");
      Objects.requireNonNull(fetch, "fetch");
      Objects.requireNonNull(metrics, "metrics");
      Objects.requireNonNull(clock, "clock");
    }
  }

  public JobVerticle(Surroundings around, JobOptions options) {
    this.around = around;
    this.options = options;
    this.cache = new AnalysisCache(around.folders().analyses());
  }

  @Override
  public Future<?> start() {
    Bus bus = Bus.of(vertx);
    announcer =
        new JobAnnouncer(
            event -> bus.publish(Addresses.JOB_EVENT, (Record) event),
            around.metrics(),
            around.clock());
    works =
        new JobWorks(
            around.store(),
            around.folders(),
            cache,
            around.clips(),
            around.files(),
            around.fetch());
    runner = new JobRunner(around.leases(), this::hand, this::hasRoom, options.concurrency());
    JobDesk desk =
        new JobDesk(
            vertx,
            around.store(),
            works,
            runner,
            around.clips(),
            announcer,
            options,
            around.clock());
    ArtifactExpiry expiry =
        new ArtifactExpiry(
            around.store(), around.folders(), cache, options.artifactsKept(), around.clock());
    return blocking(
            () -> {
              Files.createDirectories(around.folders().root());
              runner.start();
              return null;
            })
        .onSuccess(
            started -> {
              consumers.add(bus.<JobOrder, Void>onRequest(Addresses.JOB_CREATE, desk::create));
              consumers.add(bus.<JobCommand, Void>onRequest(Addresses.JOB_COMMAND, desk::execute));
              expire(expiry);
              vertx.setPeriodic(EXPIRY_MS, timer -> expire(expiry));
            });
  }

  private void expire(ArtifactExpiry expiry) {
    blocking(expiry::run)
        .onFailure(failure -> log.warn("old files of jobs stay for now: {}", failure.toString()));
  }

  /** A claimed job, ready to be worked on. */
  private Optional<JobRun> hand(UUID id) {
    return awaited(around.store().any(id)).map(this::run);
  }

  private JobRun run(JobRow row) {
    return new JobRun(
        row.workspaceId(),
        row.job(),
        around.store(),
        listener -> works.open(row, listener),
        (steps, done) ->
            around
                .store()
                .progress(row.job().id(), steps, done)
                .onFailure(late -> log.debug("progress is not kept: {}", late.toString())),
        around.clips(),
        announcer,
        around.clock());
  }

  private boolean hasRoom() {
    try {
      long usable = Files.getFileStore(around.folders().root()).getUsableSpace();
      boolean wasShort = isShort;
      isShort = usable < options.freeBytes();
      if (isShort && !wasShort) {
        log.warn("jobs wait for disk space [free={}, needed={}]", usable, options.freeBytes());
      }
      return !isShort;
    } catch (IOException failure) {
      throw new UncheckedIOException("the free space for jobs cannot be told", failure);
    }
  }

  private <T> Future<T> blocking(Callable<T> work) {
    return vertx.executeBlocking(work, false);
  }

  @Override
  public Future<?> stop() {
    return Future.join(consumers.stream().map(MessageConsumer::unregister).toList())
        .eventually(
            () ->
                blocking(
                    () -> {
                      runner.close();
                      return null;
                    }));
  }
}
