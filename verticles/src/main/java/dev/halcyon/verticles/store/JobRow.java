package dev.halcyon.verticles.store;

import dev.halcyon.core.job.Job;
import dev.halcyon.core.job.StepKey;
import dev.halcyon.core.job.StepName;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * A job and all that its row says beside its state.
 *
 * @param settings as they were normalised when it was made
 * @param running how far the rows that run are, 0..1
 * @param hasTranscript whether one was given with the job
 * @param hasArtifacts false once what was found in the source has been deleted
 */
public record JobRow(
    Job job,
    UUID workspaceId,
    UUID userId,
    Source source,
    JsonObject settings,
    Map<StepKey, Double> running,
    boolean hasTranscript,
    boolean hasArtifacts) {
  public JobRow {
    Objects.requireNonNull(job, "job");
    Objects.requireNonNull(workspaceId, "workspaceId");
    Objects.requireNonNull(userId, "userId");
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(settings, "settings");
    running = Map.copyOf(running);
  }

  /** Where the video comes from: an upload's key or an address, one of the two. */
  public record Source(Optional<String> fileKey, Optional<String> url) {
    public Source {
      if (fileKey.isPresent() == url.isPresent()) {
        throw new IllegalArgumentException("a source is a file or an address, one of the two");
      }
    }
  }

  /** 0 to 100. */
  public int percent() {
    return job.percent(running);
  }

  /** Clips that were chosen. */
  public int clipCount() {
    return job.rows(StepName.RENDER).size();
  }
}
