package dev.halcyon.verticles.job;

import dev.halcyon.codecs.analyse.AnalysisOptions;
import dev.halcyon.core.analysis.AnalysisPart;
import dev.halcyon.core.detect.ScoreWeights;
import dev.halcyon.core.error.DiskFailure;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.handover.HandoverSource;
import dev.halcyon.core.job.RetryPolicy;
import dev.halcyon.core.job.StepKey;
import dev.halcyon.core.job.StepName;
import dev.halcyon.core.job.StepRow;
import dev.halcyon.core.render.RenderWish;
import dev.halcyon.core.select.ClipSelector;
import dev.halcyon.core.select.SelectionInput;
import dev.halcyon.core.select.SelectionSettings;
import dev.halcyon.verticles.step.AnalysisJson;
import dev.halcyon.verticles.step.Folders;
import dev.halcyon.verticles.step.RecordJson;
import dev.halcyon.verticles.step.SourceFacts;
import dev.halcyon.verticles.step.StepCommand;
import dev.halcyon.verticles.step.StepLimits;
import dev.halcyon.verticles.step.StepProcess;
import dev.halcyon.verticles.step.StepProgress;
import dev.halcyon.verticles.step.StepRequest;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The steps over a file in a folder. What opens the foreign file runs in a process of its own; what
 * only thinks runs here.
 */
final class ClipSteps implements ClipWork {
  /** Changes when a step makes another thing of the same inputs. */
  private static final String VERSION = "1";

  private final WatchedSource source;
  private final SourceLabel label;
  private final Optional<Path> transcriptFile;
  private final ClipFolder folder;
  private final ClipSettings settings;
  private final ClipListener listener;
  private final ClipArtifacts artifacts;
  private final ClipRenders renders;
  private volatile StepProcess running;
  private volatile boolean isCancelled;

  /**
   * @param wishes how somebody wants a clip, by its name
   * @param label what the source is called in what is written for people
   */
  ClipSteps(
      Path source,
      SourceLabel label,
      Optional<Path> transcriptFile,
      ClipFolder folder,
      ClipSettings settings,
      Function<String, RenderWish> wishes,
      ClipListener listener) {
    this.source = new WatchedSource(source);
    this.label = label;
    this.transcriptFile = transcriptFile;
    this.folder = folder;
    this.settings = settings;
    this.listener = listener;
    this.artifacts = new ClipArtifacts(folder.artifacts(), transcriptFile.isPresent());
    this.renders = new ClipRenders(folder, settings, artifacts, wishes);
  }

  @Override
  public String inputsOf(StepKey key) {
    Inputs inputs = new Inputs().with(VERSION).with(key.name());
    try {
      return switch (key.name()) {
        case INGEST -> inputs.with(source.identity()).digest();
        case TRANSCRIBE -> inputs.with(Inputs.ofFile(transcriptFile.orElseThrow())).digest();
        case DIARIZE -> inputs.digest();
        case AUDIO_ANALYZE -> content(inputs).with(settings.soundStream()).digest();
        case SCENE_DETECT -> content(inputs).with(settings.isCoarse()).digest();
        case FACE_TRACK ->
            content(inputs).with(settings.isCoarse()).with(faceModelDigest()).digest();
        case CLIP_SELECT ->
            content(inputs)
                .with(settings.soundStream())
                .with(settings.isCoarse())
                .with(transcriptFile.isEmpty() ? "" : inputsOf(StepKey.of(StepName.TRANSCRIBE)))
                .with(settings.maxClips())
                .with(settings.minUs())
                .with(settings.maxUs())
                .digest();
        case RENDER -> inputs.with(renders.spec(key.part()).sha256()).digest();
        // What lies beside the clips is cheap, and somebody may have removed some of it.
        case EXPORT -> inputs.with(System.nanoTime()).digest();
      };
    } catch (IOException unreadable) {
      throw failed("cannot be read", unreadable);
    }
  }

  private String faceModelDigest() throws IOException {
    return settings.faceModel().isPresent() ? Inputs.ofFile(settings.faceModel().get()) : "";
  }

  private Inputs content(Inputs inputs) {
    return inputs.with(artifacts.source().sha256());
  }

  @Override
  public Optional<Outcome> reuse(StepRow row) {
    try {
      return switch (row.key().name()) {
        case INGEST ->
            Optional.of(new Outcome(row.output(), artifacts.describeSource(), Duration.ZERO));
        case RENDER -> renders.reuse(row.key().part());
        case CLIP_SELECT -> Optional.of(selected(row.output(), Duration.ZERO));
        case EXPORT, DIARIZE -> Optional.empty();
        case TRANSCRIBE, AUDIO_ANALYZE, SCENE_DETECT, FACE_TRACK ->
            Optional.of(
                new Outcome(row.output(), artifacts.describe(row.key().name()), Duration.ZERO));
      };
    } catch (HalcyonException | IllegalArgumentException gone) {
      // It is made again.
      return Optional.empty();
    }
  }

  @Override
  public Map<StepKey, Outcome> perform(Set<StepKey> keys) throws InterruptedException {
    StepKey first = keys.iterator().next();
    try {
      return switch (first.name()) {
        case INGEST -> Map.of(first, ingest());
        case TRANSCRIBE -> Map.of(first, transcribe());
        case DIARIZE -> throw new IllegalStateException("nothing tells speakers apart");
        case AUDIO_ANALYZE, SCENE_DETECT, FACE_TRACK -> analyse(keys);
        case CLIP_SELECT -> Map.of(first, select());
        case RENDER -> Map.of(first, render(first));
        case EXPORT -> Map.of(first, export());
      };
    } catch (IOException failure) {
      throw failed(first.wire(), failure);
    } catch (UncheckedIOException failure) {
      throw failed(first.wire(), failure.getCause());
    }
  }

  @Override
  public void cancel() {
    isCancelled = true;
    StepProcess process = running;
    if (process != null) {
      process.cancel();
    }
  }

  private Outcome ingest() throws InterruptedException, IOException {
    long startNs = System.nanoTime();
    JsonObject result =
        overSource(timeout(StepName.INGEST, 0), new StepRequest.Ingest(source.path().toString()));
    SourceFacts facts = RecordJson.read(SourceFacts.class, result);
    if (facts.probe().picture().isEmpty()) {
      throw new HalcyonException(
          ErrorCode.UNSUPPORTED_MEDIA, "the file has sound alone: clips are made of pictures");
    }
    artifacts.keepSource(facts);
    return new Outcome(ClipArtifacts.SOURCE, artifacts.describeSource(), since(startNs));
  }

  private Outcome transcribe() throws IOException {
    long startNs = System.nanoTime();
    artifacts.keepTranscript(TranscriptFile.read(transcriptFile.orElseThrow()));
    return new Outcome(
        ClipArtifacts.TRANSCRIPT, artifacts.describe(StepName.TRANSCRIBE), since(startNs));
  }

  private Map<StepKey, Outcome> analyse(Set<StepKey> keys)
      throws InterruptedException, IOException {
    long startNs = System.nanoTime();
    SourceFacts facts = artifacts.source();
    Set<AnalysisPart> parts = EnumSet.noneOf(AnalysisPart.class);
    keys.forEach(key -> parts.add(partOf(key.name())));
    StepRequest.Analyse request =
        new StepRequest.Analyse(
            source.path().toString(),
            facts.probe(),
            parts,
            settings.isCoarse() ? AnalysisOptions.Depth.COARSE : AnalysisOptions.Depth.FULL,
            settings.soundStream(),
            settings.faceModel().map(model -> model.toAbsolutePath().toString()),
            folder.artifacts().toAbsolutePath().toString());
    Duration timeout = timeout(StepName.FACE_TRACK, facts.probe().durationUs());
    JsonObject result = overSource(timeout, request);
    Map<StepKey, Outcome> outcomes = new TreeMap<>();
    for (StepKey key : keys) {
      Duration took =
          Optional.ofNullable(result.getLong(key.name().wire() + "_ms"))
              .map(Duration::ofMillis)
              .orElseGet(() -> since(startNs));
      outcomes.put(key, new Outcome(artifactOf(key.name()), artifacts.describe(key.name()), took));
    }
    return outcomes;
  }

  private static AnalysisPart partOf(StepName name) {
    return switch (name) {
      case AUDIO_ANALYZE -> AnalysisPart.SOUND;
      case SCENE_DETECT -> AnalysisPart.SCENES;
      case FACE_TRACK -> AnalysisPart.FACES;
      default -> throw new IllegalArgumentException("no analysis [step=" + name + "]");
    };
  }

  static String artifactOf(StepName name) {
    return switch (name) {
      case AUDIO_ANALYZE -> AnalysisJson.SOUND;
      case SCENE_DETECT -> AnalysisJson.SCENES;
      case FACE_TRACK -> AnalysisJson.FACES;
      default -> throw new IllegalArgumentException("no analysis [step=" + name + "]");
    };
  }

  private Outcome select() throws IOException {
    long startNs = System.nanoTime();
    artifacts.keepSelection(
        ClipSelector.select(
            new SelectionInput(
                artifacts.source().probe().durationUs(),
                artifacts.transcript(),
                artifacts.sound().signals(),
                artifacts.sound().silence(),
                artifacts.sound().speech(),
                artifacts.scenes().cuts()),
            new SelectionSettings(
                settings.maxClips(), settings.minUs(), settings.maxUs(), ScoreWeights.DEFAULT)));
    return selected(ClipArtifacts.SELECTION, since(startNs));
  }

  private Outcome selected(String output, Duration took) {
    List<String> clips = artifacts.clipNames();
    return new Outcome(
        output,
        clips.size() + " clips of " + artifacts.selection().candidates().size() + " candidates",
        took,
        clips);
  }

  private Outcome render(StepKey key) throws InterruptedException, IOException {
    long startNs = System.nanoTime();
    JsonObject result =
        overSource(renders.timeout(key.part()), renders.request(source.path(), key.part()));
    return renders.finished(key.part(), result, since(startNs));
  }

  private Outcome export() throws IOException {
    long startNs = System.nanoTime();
    List<String> clips = artifacts.clipNames();
    int files = exporter().write(clips);
    return new Outcome(folder.sheet().getFileName().toString(), files + " files", since(startNs));
  }

  /** As the export, without the contact sheet: the clips are shown by the server's page. */
  Outcome exportForEditors() throws IOException {
    long startNs = System.nanoTime();
    int files = exporter().writeForEditors(artifacts.clipNames());
    return new Outcome(folder.edit().getFileName().toString(), files + " files", since(startNs));
  }

  /** The source as editors go on with it. */
  HandoverSource handedOver() {
    return exporter().handedOver();
  }

  ClipArtifacts artifacts() {
    return artifacts;
  }

  ClipRenders renders() {
    return renders;
  }

  /** Deletes the clips of a run before that this one did not make. */
  void forgetClipsOf(List<StepRow> earlier) {
    Set<String> made = artifacts.clipNames().stream().collect(Collectors.toSet());
    earlier.stream()
        .map(row -> row.key().part())
        .filter(clip -> !clip.isEmpty() && !made.contains(clip))
        .forEach(renders::forget);
  }

  private ClipExport exporter() {
    return new ClipExport(label, folder, artifacts, renders);
  }

  ClipSummary summary() {
    return exporter().summary(artifacts.clipNames());
  }

  /** Does a step in a process of its own; what it read must have been one and the same file. */
  private JsonObject overSource(Duration timeout, StepRequest request)
      throws InterruptedException, IOException {
    JsonObject result;
    try {
      result = child(StepLimits.within(timeout)).run(request.json());
    } catch (HalcyonException failure) {
      requireSameSource();
      throw failure;
    }
    requireSameSource();
    return result;
  }

  private void requireSameSource() throws IOException {
    if (!source.isSame()) {
      // What was rendered may be of another content than its name says.
      Folders.delete(folder.chunks());
      Files.createDirectories(folder.chunks());
      throw new HalcyonException(
          ErrorCode.CORRUPT_MEDIA,
          "the file changed while it was read: run this again when it is complete");
    }
  }

  private StepProcess child(StepLimits limits) {
    StepProcess process =
        new StepProcess(
            StepCommand.ofThisProgram(),
            limits,
            (StepProgress at) -> listener.onProgress(at.done(), at.mediaUs()));
    running = process;
    if (isCancelled) {
      process.cancel();
    }
    return process;
  }

  private static Duration timeout(StepName name, long durationUs) {
    return RetryPolicy.of(name).timeoutFor(durationUs);
  }

  private static Duration since(long startNs) {
    return Duration.ofNanos(System.nanoTime() - startNs);
  }

  private static HalcyonException failed(String what, IOException failure) {
    return new HalcyonException(
        DiskFailure.codeOf(failure), what + ": " + failure.getMessage(), failure);
  }
}
