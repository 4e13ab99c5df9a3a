package dev.halcyon.verticles.job;

import dev.halcyon.core.error.DiskFailure;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.job.Job;
import dev.halcyon.core.job.JobStatus;
import dev.halcyon.core.job.JobStore;
import dev.halcyon.core.job.StepRow;
import dev.halcyon.core.job.StepStatus;
import dev.halcyon.verticles.step.RecordJson;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The state of the one job that is done in a folder, as a file in it, and what jobs before it have
 * finished there. The folder's lock keeps others away. One thread.
 */
final class FileJobStore implements JobStore {
  private static final String SCHEMA = "halcyon.job";
  private static final int VERSION = 1;

  private final Path file;
  private final List<StepRow> earlier;

  FileJobStore(Path file) {
    this.file = file;
    this.earlier = finished();
  }

  /** A job with what is kept of those before it. */
  private record State(Job job, List<StepRow> earlier) {}

  /**
   * What jobs before have finished in the folder: it need not be done again for the same inputs.
   */
  List<StepRow> earlier() {
    return earlier;
  }

  private List<StepRow> finished() {
    return state()
        .map(
            state ->
                Stream.concat(state.job().steps().stream(), state.earlier().stream())
                    .filter(row -> row.status() == StepStatus.COMPLETED)
                    .toList())
        .orElse(List.of());
  }

  /**
   * What the last run left; empty when there was none, or its file says nothing to this version.
   */
  Optional<Job> last() {
    return state().map(State::job);
  }

  private Optional<State> state() {
    if (Files.notExists(file)) {
      return Optional.empty();
    }
    try {
      JsonObject json = new JsonObject(Files.readString(file));
      if (!SCHEMA.equals(json.getString("schema")) || json.getInteger("version", 0) != VERSION) {
        return Optional.empty();
      }
      return Optional.of(RecordJson.read(State.class, json));
    } catch (DecodeException | IllegalArgumentException | ClassCastException unreadable) {
      return Optional.empty();
    } catch (IOException failure) {
      throw failed(failure);
    }
  }

  @Override
  public Optional<Job> find(UUID id) {
    return last().filter(job -> job.id().equals(id));
  }

  @Override
  public boolean save(Job job, long basedOn) {
    JsonObject json =
        new JsonObject()
            .put("schema", SCHEMA)
            .put("version", VERSION)
            .mergeIn(RecordJson.write(new State(job, stillEarlier(job))));
    try {
      WholeFile.write(file, json.encodePrettily());
      return true;
    } catch (IOException failure) {
      throw failed(failure);
    }
  }

  /** Rows of jobs before that this one has not touched yet; a job that is complete needs none. */
  private List<StepRow> stillEarlier(Job job) {
    if (job.status() == JobStatus.COMPLETED) {
      return List.of();
    }
    return earlier.stream()
        .filter(row -> job.step(row.key()).flatMap(StepRow::startedAt).isEmpty())
        .toList();
  }

  private HalcyonException failed(IOException failure) {
    return new HalcyonException(
        DiskFailure.codeOf(failure),
        "the job's state cannot be kept: " + failure.getMessage(),
        failure);
  }
}
