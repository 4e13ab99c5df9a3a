package dev.halcyon.verticles.job;

import dev.halcyon.core.error.DiskFailure;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.job.Job;
import dev.halcyon.core.job.StepKey;
import dev.halcyon.core.job.StepName;
import dev.halcyon.core.job.StepRow;
import dev.halcyon.verticles.job.JobClips.Chosen;
import dev.halcyon.verticles.job.JobClips.Rendered;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/**
 * The steps of a job of the server: those over a file in a folder, with what a server adds. The
 * source is fetched when it lies elsewhere; what was found in the same bytes before is taken over;
 * clips become rows, and their files go to the blob store. One thread, but for {@link #cancel}; its
 * owner closes it.
 */
final class JobSteps implements JobWork {
  private final JobSource source;
  private final UUID workspaceId;
  private final UUID jobId;
  private final ClipFolder folder;
  private final ClipSteps steps;
  private final AnalysisCache cache;
  private final JobClips clips;
  private final ClipListener listener;

  /**
   * @param folder closed by it
   */
  JobSteps(
      JobSource source,
      UUID workspaceId,
      UUID jobId,
      ClipFolder folder,
      ClipSteps steps,
      AnalysisCache cache,
      JobClips clips,
      ClipListener listener) {
    this.source = source;
    this.workspaceId = workspaceId;
    this.jobId = jobId;
    this.folder = folder;
    this.steps = steps;
    this.cache = cache;
    this.clips = clips;
    this.listener = listener;
  }

  @Override
  public String inputsOf(StepKey key) {
    return key.name() == StepName.INGEST ? source.identity() : steps.inputsOf(key);
  }

  /** Rows of a job of the server are never done again by another one; see {@link AnalysisCache}. */
  @Override
  public Optional<Outcome> reuse(StepRow row) {
    return Optional.empty();
  }

  @Override
  public Map<StepKey, Outcome> perform(Set<StepKey> keys) throws InterruptedException {
    StepKey first = keys.iterator().next();
    try {
      return switch (first.name()) {
        case INGEST -> ingest(keys);
        case AUDIO_ANALYZE, SCENE_DETECT, FACE_TRACK -> analyse(keys);
        case CLIP_SELECT -> select(keys);
        case RENDER -> Map.of(first, render(first));
        case EXPORT -> Map.of(first, steps.exportForEditors());
        case TRANSCRIBE, DIARIZE -> steps.perform(keys);
      };
    } catch (IOException failure) {
      throw new HalcyonException(
          DiskFailure.codeOf(failure), first.wire() + ": " + failure.getMessage(), failure);
    }
  }

  private Map<StepKey, Outcome> ingest(Set<StepKey> keys) throws InterruptedException {
    source.bring(listener);
    return steps.perform(keys);
  }

  private Map<StepKey, Outcome> analyse(Set<StepKey> keys)
      throws InterruptedException, IOException {
    Map<StepKey, Outcome> outcomes = new TreeMap<>();
    Set<StepKey> left = new LinkedHashSet<>();
    for (StepKey key : keys) {
      if (cache.take(workspaceId, key.name(), steps.inputsOf(key), folder.artifacts())) {
        outcomes.put(key, known(key));
      } else {
        left.add(key);
      }
    }
    if (!left.isEmpty()) {
      outcomes.putAll(steps.perform(left));
      for (StepKey key : left) {
        cache.keep(workspaceId, key.name(), steps.inputsOf(key), folder.artifacts());
      }
    }
    return outcomes;
  }

  private Outcome known(StepKey key) {
    return new Outcome(
        ClipSteps.artifactOf(key.name()), steps.artifacts().describe(key.name()), Duration.ZERO);
  }

  private Map<StepKey, Outcome> select(Set<StepKey> keys) throws InterruptedException {
    Map<StepKey, Outcome> outcomes = steps.perform(keys);
    List<Chosen> chosen = new ArrayList<>();
    for (String part : steps.artifacts().clipNames()) {
      chosen.add(new Chosen(Job.clipId(jobId, part), steps.artifacts().candidate(part)));
    }
    clips.choose(workspaceId, jobId, chosen);
    return outcomes;
  }

  private Outcome render(StepKey key) throws InterruptedException, IOException {
    String part = key.part();
    UUID clip = Job.clipId(jobId, part);
    clips.rendering(clip);
    Outcome outcome = steps.perform(Set.of(key)).get(key);
    Path video = folder.clip(part, ".mp4");
    clips.rendered(
        clip,
        new Rendered(
            video,
            Optional.of(folder.clip(part, ".jpg")).filter(Files::exists),
            steps.renders().spec(part),
            steps.renders().result(part),
            Optional.of(steps.handedOver())));
    Files.deleteIfExists(video);
    return outcome;
  }

  @Override
  public void cancel() {
    source.cancel();
    steps.cancel();
  }

  @Override
  public void close() {
    folder.close();
  }
}
