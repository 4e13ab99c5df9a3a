package dev.halcyon.verticles.api;

import dev.halcyon.core.access.Permission;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.job.JobCommand;
import dev.halcyon.core.job.JobStatus;
import dev.halcyon.core.job.StepKey;
import dev.halcyon.core.transcript.TranscriptText;
import dev.halcyon.verticles.access.Caller;
import dev.halcyon.verticles.bus.Addresses;
import dev.halcyon.verticles.bus.Bus;
import dev.halcyon.verticles.job.JobFolders;
import dev.halcyon.verticles.job.JobOrder;
import dev.halcyon.verticles.job.JobSettings;
import dev.halcyon.verticles.job.JobTranscript;
import dev.halcyon.verticles.store.JobRow;
import dev.halcyon.verticles.store.PostgresJobStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.openapi.router.RouterBuilder;
import io.vertx.openapi.validation.ValidatedRequest;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;

/** Jobs: rows in the store, and wishes for the node that works on them. */
final class JobRoutes {
  private final Vertx vertx;
  private final PostgresJobStore jobs;
  private final JobFolders folders;
  private final Bus bus;
  private final Idempotency idempotency;

  JobRoutes(Vertx vertx, ApiParts parts) {
    this.vertx = vertx;
    this.jobs = parts.jobs();
    this.folders = parts.jobFolders();
    this.bus = parts.bus();
    this.idempotency = new Idempotency(parts.idempotency());
  }

  void create(RoutingContext context) {
    Caller caller = permitted(context, Permission.WRITE_JOBS);
    ValidatedRequest request = context.get(RouterBuilder.KEY_META_DATA_VALIDATED_REQUEST);
    // A transcript is long: it is read where nobody waits behind it.
    blocking(() -> order(caller, request.getBody().getJsonObject()))
        .onSuccess(order -> idempotency.answer(context, 201, () -> created(order)))
        .onFailure(context::fail);
  }

  private Future<JsonObject> created(JobOrder order) {
    return bus.<Void>request(Addresses.JOB_CREATE, order)
        .map(
            created ->
                new JsonObject()
                    .put("id", order.id().toString())
                    .put("status", JobStatus.CREATED.wire()));
  }

  private static JobOrder order(Caller caller, JsonObject body) {
    Optional<String> fileKey = Optional.ofNullable(body.getString("source_file_key"));
    Optional<String> url = Optional.ofNullable(body.getString("source_url"));
    if (fileKey.isPresent() == url.isPresent()) {
      throw new HalcyonException(
          ErrorCode.BAD_REQUEST, "give source_file_key or source_url, one of the two");
    }
    return new JobOrder(
        UUID.randomUUID(),
        caller.workspaceId(),
        caller.userId(),
        new JobRow.Source(fileKey, url),
        JobSettings.of(body.getJsonObject("settings", new JsonObject())),
        Optional.ofNullable(body.getJsonObject("transcript")).map(JobRoutes::transcript));
  }

  /** Read here already: whoever gave it is still there to mend it. */
  private static PostgresJobStore.Transcript transcript(JsonObject json) {
    String format = json.getString("format");
    String text = json.getString("text");
    TranscriptText.parse(JobTranscript.formatOf(format), text);
    return new PostgresJobStore.Transcript(format, text);
  }

  void list(RoutingContext context) {
    Caller caller = permitted(context, Permission.READ_JOBS);
    Optional<JobStatus> status =
        Requests.query(context, "status", JobStatus::ofWire, "a status of jobs");
    jobs.list(caller.workspaceId(), status, Requests.page(context))
        .onSuccess(page -> Requests.answer(context, 200, Requests.pageJson(page, JobJson::of)))
        .onFailure(context::fail);
  }

  void get(RoutingContext context) {
    found(context, permitted(context, Permission.READ_JOBS))
        .onSuccess(row -> Requests.answer(context, 200, JobJson.of(row)))
        .onFailure(context::fail);
  }

  void steps(RoutingContext context) {
    found(context, permitted(context, Permission.READ_JOBS))
        .onSuccess(
            row -> Requests.answer(context, 200, new JsonObject().put("data", JobJson.steps(row))))
        .onFailure(context::fail);
  }

  void transcript(RoutingContext context) {
    found(context, permitted(context, Permission.READ_JOBS))
        .compose(row -> blocking(() -> folders.transcript(row.job().id()).toBuffer()))
        .onSuccess(words -> Requests.answer(context, 200, words))
        .onFailure(context::fail);
  }

  void artifacts(RoutingContext context) {
    found(context, permitted(context, Permission.READ_JOBS))
        .compose(row -> blocking(() -> folders.artifactsOf(row.job().id())))
        .onSuccess(files -> Requests.answer(context, 200, JobJson.artifacts(files)))
        .onFailure(context::fail);
  }

  void delete(RoutingContext context) {
    Caller caller = permitted(context, Permission.WRITE_JOBS);
    command(new JobCommand.Delete(caller.workspaceId(), id(context)))
        .onSuccess(done -> Requests.answerEmpty(context))
        .onFailure(context::fail);
  }

  void pause(RoutingContext context) {
    Caller caller = permitted(context, Permission.WRITE_JOBS);
    carryOut(context, caller, new JobCommand.Pause(caller.workspaceId(), id(context)));
  }

  void resume(RoutingContext context) {
    Caller caller = permitted(context, Permission.WRITE_JOBS);
    carryOut(context, caller, new JobCommand.Resume(caller.workspaceId(), id(context)));
  }

  void approve(RoutingContext context) {
    Caller caller = permitted(context, Permission.WRITE_JOBS);
    carryOut(context, caller, new JobCommand.Approve(caller.workspaceId(), id(context)));
  }

  void retry(RoutingContext context) {
    Caller caller = permitted(context, Permission.WRITE_JOBS);
    Optional<StepKey> step =
        Optional.ofNullable(context.body().asJsonObject())
            .map(body -> body.getString("step"))
            .map(JobRoutes::step);
    carryOut(context, caller, new JobCommand.Retry(caller.workspaceId(), id(context), step));
  }

  private static StepKey step(String name) {
    try {
      return StepKey.ofWire(name);
    } catch (IllegalArgumentException unknown) {
      throw new HalcyonException(ErrorCode.BAD_REQUEST, "step: no job has such a step", unknown);
    }
  }

  private void carryOut(RoutingContext context, Caller caller, JobCommand command) {
    command(command)
        .compose(done -> found(context, caller))
        .onSuccess(row -> Requests.answer(context, 200, JobJson.of(row)))
        .onFailure(context::fail);
  }

  private Future<Void> command(JobCommand command) {
    return bus.request(Addresses.JOB_COMMAND, (Record) command).mapEmpty();
  }

  private Future<JobRow> found(RoutingContext context, Caller caller) {
    UUID id = id(context);
    return jobs.byId(caller.workspaceId(), id)
        .map(
            row ->
                row.orElseThrow(
                    () ->
                        new HalcyonException(ErrorCode.JOB_NOT_FOUND, "no job has the id " + id)));
  }

  private static UUID id(RoutingContext context) {
    return Requests.id(context, ErrorCode.JOB_NOT_FOUND);
  }

  private <T> Future<T> blocking(Callable<T> work) {
    return vertx.executeBlocking(work, false);
  }

  private static Caller permitted(RoutingContext context, Permission permission) {
    Caller caller = Requests.caller(context);
    caller.require(permission);
    return caller;
  }
}
