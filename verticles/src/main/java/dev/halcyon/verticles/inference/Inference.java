package dev.halcyon.verticles.inference;

import dev.halcyon.codecs.av.NativeMemory;
import dev.halcyon.codecs.model.BatchModel;
import dev.halcyon.codecs.model.ModelOptions;
import dev.halcyon.codecs.model.ModelRuntime;
import dev.halcyon.codecs.model.SileroVad;
import dev.halcyon.codecs.model.SoundTagger;
import dev.halcyon.core.detect.SoundTag;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.inference.BatchLimits;
import dev.halcyon.core.inference.Capacity;
import dev.halcyon.core.inference.InferenceReport;
import dev.halcyon.core.inference.WorkClass;
import dev.halcyon.core.model.ModelEntry;
import dev.halcyon.verticles.model.ModelCatalogue;
import dev.halcyon.verticles.model.ModelFolder;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;

/**
 * All models of a node: the threads of each class of work, a queue and a verticle for each family.
 * Any thread; stopped by the node that started it.
 */
public final class Inference {
  private static final String VOICES = "silero-vad";
  private static final String TAGS = "yamnet";

  /** The models that can listen to live streams. */
  public static final Set<String> LISTENING = Set.of(VOICES, TAGS);

  private static final int VAD_BATCH = 64;
  private static final int TAGGER_BATCH = 16;

  /** A frame of 512 samples at 16 kHz. */
  private static final Capacity.Need VAD_NEED =
      new Capacity.Need(16_000 / 512.0, TimeUnit.MILLISECONDS.toNanos(250));

  /** A patch every 48 windows of 10 ms. */
  private static final Capacity.Need TAGGER_NEED =
      new Capacity.Need(1 / 0.48, TimeUnit.MILLISECONDS.toNanos(500));

  private final InferenceOptions options;
  private final ModelFolder folder;
  private final Map<WorkClass, ComputeLane> lanes = new EnumMap<>(WorkClass.class);
  private final List<ModelQueue<?, ?>> queues = new ArrayList<>();
  private final List<InferenceVerticle<?, ?>> verticles = new ArrayList<>();
  private final List<String> deployments = new ArrayList<>();
  private final ComputeLedger ledger = new ComputeLedger();
  private final ModelQueue<SileroVad.Frame, SileroVad.Answer> voices;
  private final ModelQueue<float[], Map<SoundTag, Double>> tags;

  /** Starts the threads; {@link #start} opens the models. */
  public Inference(InferenceOptions options, ModelCatalogue catalogue, ModelFolder folder) {
    this.options = options;
    this.folder = folder;
    for (WorkClass each : WorkClass.values()) {
      lanes.put(each, new ComputeLane(each, options.threads().get(each)));
    }
    voices = queue(catalogue.entry(VOICES), VAD_BATCH, VAD_NEED, SileroVad::open);
    tags = queue(catalogue.entry(TAGS), TAGGER_BATCH, TAGGER_NEED, SoundTagger::open);
  }

  private <Q, A> ModelQueue<Q, A> queue(
      ModelEntry entry,
      int maxBatch,
      Capacity.Need need,
      BiFunction<Path, ModelOptions, BatchModel<Q, A>> opening) {
    ModelQueue<Q, A> queue =
        new ModelQueue<>(
            entry.name(),
            lanes.get(WorkClass.ASR),
            BatchLimits.of(maxBatch).withMaxWaitNs(options.maxWaitNs()),
            need,
            ledger);
    queues.add(queue);
    verticles.add(
        new InferenceVerticle<>(
            queue, () -> opening.apply(folder.require(entry), options.model())));
    return queue;
  }

  /** How likely somebody speaks. */
  public ModelQueue<SileroVad.Frame, SileroVad.Answer> voices() {
    return voices;
  }

  /** Which sounds are heard. */
  public ModelQueue<float[], Map<SoundTag, Double>> tags() {
    return tags;
  }

  public List<ModelQueue<?, ?>> queues() {
    return List.copyOf(queues);
  }

  /** Whether a model is to listen to live streams. */
  boolean isLive(ModelQueue<?, ?> queue) {
    return options.live().contains(queue.name());
  }

  /** Opens all models that are here. Succeeds whatever becomes of them. */
  public Future<Void> start(Vertx vertx) {
    Future<Void> started = Future.succeededFuture();
    for (InferenceVerticle<?, ?> each : verticles) {
      started =
          started
              .compose(before -> vertx.deployVerticle(each))
              .onSuccess(deployments::add)
              .mapEmpty();
    }
    return started;
  }

  /** Opens all models anew, as they are on the disk now. */
  public Future<Void> reload() {
    return Future.join(verticles.stream().map(InferenceVerticle::reload).toList()).mapEmpty();
  }

  /** Drops what waits, closes the models and the threads. */
  public Future<Void> stop(Vertx vertx) {
    Callable<Void> closing =
        () -> {
          lanes.values().forEach(ComputeLane::close);
          return null;
        };
    return Future.join(deployments.stream().map(vertx::undeploy).toList())
        .eventually(() -> vertx.executeBlocking(closing, false))
        .mapEmpty();
  }

  /** How the models stand. Any thread; takes microseconds. */
  public InferenceReport report(UUID workspaceId) {
    Map<WorkClass, Double> busy = new EnumMap<>(WorkClass.class);
    lanes.keySet().forEach(each -> busy.put(each, 0.0));
    List<InferenceReport.ModelState> models = new ArrayList<>();
    queues.forEach(queue -> busy.merge(WorkClass.ASR, queue.busy(), Double::sum));
    queues.forEach(queue -> models.add(queue.state(busy.get(WorkClass.ASR))));
    return new InferenceReport(
        runtime(),
        options.model().cudaDevice().isPresent()
            ? "cuda:" + options.model().cudaDevice().getAsInt()
            : "cpu",
        NativeMemory.snapshot().get(NativeMemory.Tag.MODEL).bytes(),
        lanes.values().stream()
            .map(
                lane ->
                    new InferenceReport.ClassState(
                        lane.workClass(), lane.threads(), busy.get(lane.workClass())))
            .toList(),
        models,
        ledger.ns(workspaceId));
  }

  private static String runtime() {
    try {
      return ModelRuntime.version();
    } catch (HalcyonException absent) {
      return String.valueOf(absent.getMessage());
    }
  }
}
