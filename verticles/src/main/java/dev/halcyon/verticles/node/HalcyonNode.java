package dev.halcyon.verticles.node;

import dev.halcyon.codecs.session.SessionStore;
import dev.halcyon.core.event.ClipEvent;
import dev.halcyon.core.inference.InferenceReport;
import dev.halcyon.core.stream.StreamCommand;
import dev.halcyon.core.stream.StreamHealth;
import dev.halcyon.core.time.Clock;
import dev.halcyon.ring.FileSystemTrust;
import dev.halcyon.ring.RingStats;
import dev.halcyon.verticles.access.ShareKeys;
import dev.halcyon.verticles.api.ApiParts;
import dev.halcyon.verticles.api.HttpVerticle;
import dev.halcyon.verticles.api.IngestUrls;
import dev.halcyon.verticles.api.SecureListen;
import dev.halcyon.verticles.blob.BlobStore;
import dev.halcyon.verticles.blob.BlobSweep;
import dev.halcyon.verticles.blob.LocalBlobStore;
import dev.halcyon.verticles.blob.SweepVerticle;
import dev.halcyon.verticles.blob.s3.S3Storage;
import dev.halcyon.verticles.blob.s3.UploadVerticle;
import dev.halcyon.verticles.bus.Addresses;
import dev.halcyon.verticles.bus.Bus;
import dev.halcyon.verticles.clip.ClipMaker;
import dev.halcyon.verticles.clip.ClipPurge;
import dev.halcyon.verticles.clip.ClipRoom;
import dev.halcyon.verticles.clip.ClipSources;
import dev.halcyon.verticles.clip.ClipVerticle;
import dev.halcyon.verticles.clip.HousekeepingVerticle;
import dev.halcyon.verticles.clip.RetentionRun;
import dev.halcyon.verticles.clip.after.AftercareVerticle;
import dev.halcyon.verticles.detect.DetectorVerticle;
import dev.halcyon.verticles.inference.Inference;
import dev.halcyon.verticles.inference.ModelInspection;
import dev.halcyon.verticles.ingest.PublishHook;
import dev.halcyon.verticles.ingest.sound.SoundEncoders;
import dev.halcyon.verticles.ingest.whip.WhipVerticle;
import dev.halcyon.verticles.job.JobFolders;
import dev.halcyon.verticles.job.JobMetrics;
import dev.halcyon.verticles.job.JobVerticle;
import dev.halcyon.verticles.job.StoredJobClips;
import dev.halcyon.verticles.model.ModelCatalogue;
import dev.halcyon.verticles.model.ModelFolder;
import dev.halcyon.verticles.ops.ManagementVerticle;
import dev.halcyon.verticles.ops.Metrics;
import dev.halcyon.verticles.ops.Metrics.RingFigure;
import dev.halcyon.verticles.ops.Readiness;
import dev.halcyon.verticles.preview.LivePreviews;
import dev.halcyon.verticles.record.RecordingDesk;
import dev.halcyon.verticles.record.Recordings;
import dev.halcyon.verticles.step.StepCommand;
import dev.halcyon.verticles.store.BlobRows;
import dev.halcyon.verticles.store.BlobUploads;
import dev.halcyon.verticles.store.ClipPurges;
import dev.halcyon.verticles.store.Database;
import dev.halcyon.verticles.store.JobClipStore;
import dev.halcyon.verticles.store.PostgresJobLeases;
import dev.halcyon.verticles.store.RetentionStore;
import dev.halcyon.verticles.store.SecretFile;
import dev.halcyon.verticles.store.StreamRow;
import dev.halcyon.verticles.store.UploadStore;
import dev.halcyon.verticles.stream.LiveStream;
import dev.halcyon.verticles.stream.LiveStreams;
import dev.halcyon.verticles.stream.PublisherAdmission;
import dev.halcyon.verticles.stream.RingSpace;
import dev.halcyon.verticles.stream.Rings;
import dev.halcyon.verticles.upload.SourceUploads;
import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.KeyCertOptions;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Halcyon process: every role, started in order and stopped in the opposite one. A start that
 * fails frees what it had opened.
 */
public final class HalcyonNode implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HalcyonNode.class);
  private static final int SECRET_BYTES = 32;
  private static final long START_LIMIT_S = 120;

  /** Of one part; the whole stop has 20 s. */
  private static final long PART_STOP_LIMIT_S = 12;

  /** Less than the bus waits for an answer. */
  private static final long LAST_CLIPS_LIMIT_S = 8;

  private static final long HEARTBEAT_MS = 10_000;

  /** Under the first address to publish to. */
  private static final String PUBLISH = "              ";

  private final NodeConfig config;
  private final Vertx vertx;
  private final Clock clock = Clock.system();
  private final Readiness readiness = new Readiness();
  private final Deque<Step> opened = new ConcurrentLinkedDeque<>();

  private HttpVerticle http;
  private IngestServers ingest;
  private WhipVerticle whip;
  private ManagementVerticle management;
  private Optional<UploadVerticle> uploads = Optional.empty();
  private Optional<KeyCertOptions> certificate = Optional.empty();
  private String nodeId;

  /** Something that was opened, and how it is closed. */
  private record Step(String name, Supplier<Future<?>> close) {}

  private HalcyonNode(NodeConfig config, Vertx vertx) {
    this.config = config;
    this.vertx = vertx;
  }

  /**
   * Starts a node and returns when it is ready. Blocking: not on a Vert.x thread.
   *
   * @throws Exception what went wrong; everything is closed again
   */
  public static HalcyonNode start(NodeConfig config) throws Exception {
    HalcyonNode node = new HalcyonNode(config, Vertx.vertx());
    try {
      node.open().await(START_LIMIT_S, TimeUnit.SECONDS);
      return node;
    } catch (Throwable failure) {
      node.close();
      throw failure;
    }
  }

  private Future<Void> open() {
    Bus.install(vertx);
    return blocking(() -> DataFolder.take(config.dataDir()))
        .compose(
            folder -> {
              opened.push(new Step("data folder", () -> blocking(() -> closed(folder))));
              return openMetrics().compose(metrics -> openStore(folder, metrics));
            });
  }

  private Future<Metrics> openMetrics() {
    Metrics metrics = new Metrics();
    opened.push(new Step("metrics", () -> blocking(() -> closed(metrics))));
    readiness.require("start", () -> Future.failedFuture("starting"));
    management =
        new ManagementVerticle(
            config.management().host(), config.management().port(), readiness, metrics);
    return deploy("management", management).compose(listening -> openTls(metrics)).map(metrics);
  }

  private Future<Void> openTls(Metrics metrics) {
    if (config.tls().isEmpty()) {
      return Future.succeededFuture();
    }
    NodeConfig.Tls given = config.tls().get();
    return blocking(() -> TlsFiles.open(given.certificates(), given.key(), clock))
        .onSuccess(
            files -> {
              certificate = Optional.of(files.forServers());
              TlsWatch watch = TlsWatch.begin(vertx, files, readiness, metrics.registry(), clock);
              opened.push(new Step("certificate", watch::close));
            })
        .mapEmpty();
  }

  private Optional<SecureListen> https() {
    return config
        .tls()
        .flatMap(NodeConfig.Tls::https)
        .map(at -> new SecureListen(at.host(), at.port(), certificate.orElseThrow()));
  }

  private Future<Void> openStore(DataFolder folder, Metrics metrics) {
    Future<Database> opening =
        config
            .databaseUrl()
            .map(url -> Database.at(vertx, url))
            .orElseGet(() -> Database.embedded(vertx, folder.root().resolve("postgresql")));
    return opening.compose(
        database -> {
          opened.push(new Step("database", database::close));
          readiness.require("database", database::ping);
          metrics.databaseRestarts(database::restarts);
          return blocking(() -> openBlobs(folder, database, metrics))
              .compose(blobs -> blocking(() -> partsOf(folder, database, blobs)))
              .compose(parts -> openStreams(folder, metrics, parts));
        });
  }

  private BlobStore openBlobs(DataFolder folder, Database database, Metrics metrics)
      throws IOException {
    LocalBlobStore local = LocalBlobStore.open(config.blobs().dir());
    if (config.blobs().s3().isEmpty()) {
      return local;
    }
    S3Storage storage =
        new S3Storage(
            config.blobs().s3().get(),
            new S3Storage.Surroundings(
                folder.nodeId(),
                local,
                new BlobUploads(database.pool()),
                readiness,
                config.blobs().sweeping().grace(),
                clock));
    opened.push(new Step("s3", () -> blocking(() -> closed(storage))));
    metrics.uploads(storage.figures());
    uploads = Optional.of(new UploadVerticle(storage, config.blobs().sweep()));
    return storage.blobs();
  }

  private ApiParts partsOf(DataFolder folder, Database database, BlobStore blobs)
      throws IOException {
    nodeId = folder.nodeId();
    return ApiParts.of(
        vertx,
        config.http().options(config.fetch().pullSchemes()),
        config.access().options(),
        new IngestUrls(
            config.publicHost(),
            OptionalInt.of(config.rtmp().listen().port()),
            OptionalInt.of(config.rtsp().listen().port()),
            OptionalInt.of(config.http().listen().port()),
            secureUrls()),
        config.clips().policy(),
        database,
        blobs,
        new JobFolders(folder.root().resolve("jobs")),
        SecretFile.readOrCreate(folder.root().resolve("secret"), SECRET_BYTES),
        ShareKeys.open(folder.root().resolve(ShareKeysCommand.FILE)),
        sourceUploads(folder, database),
        clock);
  }

  private SourceUploads sourceUploads(DataFolder folder, Database database) throws IOException {
    SourceUploads sources =
        SourceUploads.open(
            vertx,
            new UploadStore(database.pool()),
            config.sourceUploads().options(folder.root()),
            StepCommand.ofThisProgram(),
            clock);
    opened.push(new Step("source uploads", () -> blocking(() -> closed(sources))));
    return sources;
  }

  private IngestUrls.Secure secureUrls() {
    return config
        .tls()
        .map(
            tls ->
                new IngestUrls.Secure(
                    portOf(tls.rtmps()), portOf(tls.rtsps()), portOf(tls.https())))
        .orElse(IngestUrls.Secure.NONE);
  }

  private static OptionalInt portOf(Optional<NodeConfig.Listen> listen) {
    return listen.map(at -> OptionalInt.of(at.port())).orElse(OptionalInt.empty());
  }

  private Future<Void> openStreams(DataFolder folder, Metrics metrics, ApiParts parts) {
    DetectorVerticle detectors = new DetectorVerticle(metrics, clock);
    Inference inference = inference(folder, metrics);
    StreamTaps taps = new StreamTaps(detectors, inference, config.tapThreads(), metrics);
    opened.push(new Step("taps", () -> blocking(() -> closed(taps))));
    Path ringDir = folder.root().resolve("rings");
    RingSpace space = ringSpace(ringDir);
    Rings rings = new Rings(space, ringDir, config.ring().forceMs());
    ClipRoom room = new ClipRoom(() -> freeForClips(ringDir, space));
    Recordings recordings =
        new Recordings(config.recording().options(folder.root()), SessionStore.DISK, clock);
    opened.push(new Step("recordings", () -> blocking(() -> closed(recordings))));
    LiveStreams streams = new LiveStreams(vertx, parts.streams(), rings, taps, recordings, clock);
    PublisherAdmission gate =
        new PublisherAdmission(streams, parts.streams(), taps, metrics, clock, publishHook());
    opened.push(new Step("rings", () -> blocking(() -> closed(streams))));
    measureRings(metrics, streams);
    metrics.recordings(recordings.figures());
    metrics.activeStreams(() -> (int) streams.held().stream().filter(LiveStream::isLive).count());
    return blocking(folder::nodeId)
        .compose(parts.streams()::clearStale)
        .compose(cleared -> parts.streams().all())
        .compose(
            rows -> blocking(() -> adopt(recordings, rows)).compose(done -> streams.adopt(rows)))
        .compose(adopted -> blocking(() -> cautionAbout(ringDir)))
        .compose(looked -> inference.start(vertx))
        .compose(looked -> openFaces(metrics, parts, streams, recordings, detectors, gate, room));
  }

  private Optional<PublishHook> publishHook() {
    Optional<PublishHook> hook =
        config.publishHook().map(options -> new PublishHook(vertx, options, clock));
    hook.ifPresent(
        asked -> opened.push(new Step("publish hook", () -> blocking(() -> closed(asked)))));
    return hook;
  }

  private Inference inference(DataFolder folder, Metrics metrics) {
    Inference inference =
        new Inference(
            config.inference(),
            ModelCatalogue.load(),
            new ModelFolder(folder.root().resolve(ModelsCommand.FOLDER)));
    opened.push(new Step("models", () -> inference.stop(vertx)));
    inference.queues().forEach(queue -> metrics.modelQueue(queue.name(), queue::depth));
    Bus.of(vertx)
        .<InferenceReport.Query, InferenceReport>onRequest(
            Addresses.INFERENCE_REPORT,
            query -> Future.succeededFuture(inference.report(query.workspaceId())));
    management.offer("/models", new ModelInspection(inference));
    return inference;
  }

  private static void measureRings(Metrics metrics, LiveStreams streams) {
    metrics.shrunkRings(streams::shrunkRings);
    metrics.rings(RingFigure.HELD, () -> streams.ringTotal(RingStats::heldBytes));
    metrics.rings(RingFigure.HELD_TIME, () -> streams.ringTotal(RingStats::heldUs) / 1e6);
    metrics.rings(RingFigure.CAPACITY, () -> streams.ringTotal(RingStats::capacityBytes));
    metrics.rings(RingFigure.OVERRUN, () -> streams.ringTotal(RingStats::overrunBytes));
    metrics.rings(
        RingFigure.FORCE_LAG, () -> Math.max(0, streams.ringMost(RingStats::forceLagNs)) / 1e9);
    metrics.rings(RingFigure.FORCE_FAILURES, () -> streams.ringTotal(RingStats::forceFailures));
    metrics.rings(RingFigure.LEASES_HELD, () -> streams.ringTotal(RingStats::heldLeases));
    metrics.rings(RingFigure.LEASES_REVOKED, () -> streams.ringTotal(RingStats::revokedLeases));
  }

  private static Void adopt(Recordings recordings, List<StreamRow> rows) throws IOException {
    recordings.adopt(rows.stream().map(StreamRow::id).collect(Collectors.toSet()));
    return null;
  }

  private RingSpace ringSpace(Path ringDir) {
    return new RingSpace(
        config.ring().quotaBytes(),
        config.ring().freeBytes(),
        config.maxBitrateBps(),
        () -> usableBytes(ringDir));
  }

  private Void cautionAbout(Path ringDir) throws IOException {
    FileSystemTrust.of(ringDir)
        .caution()
        .ifPresent(
            caution -> {
              String text = "the file system of " + ringDir + ' ' + caution;
              log.warn(text);
              readiness.caution("rings", text);
            });
    return null;
  }

  private static long usableBytes(Path dir) {
    try {
      return Files.getFileStore(dir).getUsableSpace();
    } catch (IOException failure) {
      throw new UncheckedIOException("cannot tell the free space of " + dir, failure);
    }
  }

  /** Clips leave alone what rings on the same disk were promised and have not taken yet. */
  private long freeForClips(Path ringDir, RingSpace space) {
    try {
      FileStore disk = Files.getFileStore(config.blobs().dir());
      boolean hasRings = disk.equals(Files.getFileStore(ringDir));
      return disk.getUsableSpace() - (hasRings ? space.outstandingBytes() : 0);
    } catch (IOException failure) {
      throw new UncheckedIOException("cannot tell the free space for clips", failure);
    }
  }

  private Future<Void> openFaces(
      Metrics metrics,
      ApiParts parts,
      LiveStreams streams,
      Recordings recordings,
      DetectorVerticle detectors,
      PublisherAdmission gate,
      ClipRoom room) {
    ClipMaker clips =
        new ClipMaker(
            vertx,
            streams,
            new ClipSources(recordings::known, config.clip().longestRecorded()),
            parts.streams(),
            parts.clips(),
            parts.blobs(),
            room,
            metrics,
            clock,
            config.clip().threads(),
            config.clips().reconnectWait());
    clips.warmUp(config.dataDir());
    streams.beforeClose(
        stream ->
            clips.drainStream(
                stream, clock.nanoTime() + TimeUnit.SECONDS.toNanos(LAST_CLIPS_LIMIT_S)));
    PulledStreams pulled =
        new PulledStreams(
            vertx, streams, parts.streams(), config.fetch(), gate, clock, metrics.registry());
    answerFor(streams, pulled);
    RecordingDesk desk = new RecordingDesk(vertx, recordings, config.recording().downloads());
    metrics.recordingDownloads(desk::downloads);
    opened.push(new Step("recording downloads", () -> blocking(() -> closed(desk))));
    LivePreviews previews = new LivePreviews(vertx, streams::find, clips.viewers(), clock);
    metrics.livePreviews(previews::count);
    opened.push(new Step("live previews", () -> blocking(() -> closed(previews))));
    whip = new WhipVerticle(config.whip(), gate, metrics.registry());
    http =
        new HttpVerticle(parts, clips.viewers(), clips.playlists(), previews, desk, whip, https());
    return deploy("http", http)
        .compose(listening -> deploy("clips", new ClipVerticle(clips, parts.clips())))
        .compose(clipping -> deploy("aftercare", aftercare(metrics, parts, room)))
        .compose(caring -> deploy("housekeeping", housekeeping(parts, clips)))
        .compose(keeping -> deploySweep(metrics, parts, clips))
        .compose(sweeping -> deploy("jobs", jobs(metrics, parts, room)))
        .compose(keeping -> deploy("detector", detectors))
        .compose(
            detecting -> {
              opened.push(new Step("publishers", streams::quiesce));
              opened.push(new Step("pulls", () -> blocking(() -> closed(pulled))));
              return openIngest(gate, metrics);
            })
        .compose(taking -> deploy("whip", whip))
        .compose(listening -> parts.streams().all())
        .onSuccess(
            rows -> {
              pulled.startAll(rows);
              long heartbeat = vertx.setPeriodic(HEARTBEAT_MS, tick -> streams.heartbeat());
              opened.push(
                  new Step(
                      "admission",
                      () -> {
                        streams.refusePublishers();
                        vertx.cancelTimer(heartbeat);
                        return Future.succeededFuture();
                      }));
              readiness.require("start", Future::succeededFuture);
            })
        .mapEmpty();
  }

  private AftercareVerticle aftercare(Metrics metrics, ApiParts parts, ClipRoom room) {
    return new AftercareVerticle(
        parts.clips(),
        parts.exactVersions(),
        parts.derived(),
        parts.blobs(),
        room,
        metrics,
        clock,
        config.clips().aftercare());
  }

  private HousekeepingVerticle housekeeping(ApiParts parts, ClipMaker clips) {
    ClipPurge purge =
        new ClipPurge(
            vertx,
            new ClipPurges(parts.database().pool()),
            parts.blobs(),
            parts.clipPolicy(),
            clock);
    RetentionRun retention =
        new RetentionRun(
            parts.workspaces(),
            new RetentionStore(parts.database().pool()),
            parts.bus(),
            parts.clipPolicy(),
            clock);
    return new HousekeepingVerticle(
        List.of(clips::makeMissingPosters, retention::run, purge::run, parts.uploads()::sweep),
        config.clips().housekeeping());
  }

  private JobVerticle jobs(Metrics metrics, ApiParts parts, ClipRoom room) {
    return new JobVerticle(
        new JobVerticle.Surroundings(
            parts.jobs(),
            new PostgresJobLeases(parts.database().pool(), nodeId),
            parts.jobFolders(),
            new StoredJobClips(
                parts.clips(),
                new JobClipStore(parts.database().pool()),
                parts.blobs(),
                room,
                parts.bus(),
                clock),
            parts.uploads(),
            config.fetch().sourceFetch(),
            new JobMetrics(metrics.registry()),
            clock),
        config.jobs());
  }

  private Future<Void> deploySweep(Metrics metrics, ApiParts parts, ClipMaker clips) {
    BlobSweep sweep =
        new BlobSweep(
            parts.blobs(),
            new BlobRows(parts.database().pool()),
            config.blobs().sweeping(),
            clock,
            clips::isInMaking,
            clip -> tellChanged(parts, clip));
    SweepVerticle verticle = new SweepVerticle(sweep, config.blobs().sweep(), readiness, metrics);
    return deploy("sweep", verticle)
        .onSuccess(deployed -> management.offer("/sweep", verticle))
        .compose(swept -> uploads.map(this::deployUploads).orElseGet(Future::succeededFuture));
  }

  private Future<Void> deployUploads(UploadVerticle verticle) {
    return deploy("uploads", verticle)
        .onSuccess(deployed -> management.offer("/uploads", verticle));
  }

  private void tellChanged(ApiParts parts, UUID clipId) {
    parts
        .clips()
        .any(clipId)
        .onSuccess(
            found ->
                found.ifPresent(
                    clip ->
                        parts
                            .bus()
                            .publish(
                                Addresses.CLIP_EVENT, new ClipEvent.Updated(clip, clock.now()))));
  }

  private Future<Void> openIngest(PublisherAdmission gate, Metrics metrics) {
    SoundEncoders encoders = new SoundEncoders(config.soundThreads(), HalcyonNode::home);
    opened.push(new Step("sound encoders", () -> blocking(() -> closed(encoders))));
    ingest = new IngestServers(config, gate, encoders, metrics.registry(), certificate);
    return ingest.deploy(this::deploy);
  }

  /** The event loop of the calling publisher. */
  private static Executor home() {
    Context context = Vertx.currentContext();
    return task -> context.runOnContext(v -> task.run());
  }

  private void answerFor(LiveStreams streams, PulledStreams pulled) {
    Bus bus = Bus.of(vertx);
    bus.<StreamCommand, Void>onRequest(Addresses.STREAM_COMMAND, pulled::execute);
    bus.<StreamHealth.Query, StreamHealth>onRequest(
        Addresses.STREAM_HEALTH, query -> streams.health(query.streamId()));
  }

  private Future<Void> deploy(String name, Deployable verticle) {
    return vertx
        .deployVerticle(verticle, new DeploymentOptions())
        .onSuccess(id -> opened.push(new Step(name, () -> vertx.undeploy(id))))
        .mapEmpty();
  }

  private <T> Future<T> blocking(Callable<T> work) {
    return vertx.executeBlocking(work, false);
  }

  private static Void closed(AutoCloseable resource) throws Exception {
    resource.close();
    return null;
  }

  /**
   * Stops accepting, seals and announces what is open, closes everything. Blocking: not on a Vert.x
   * thread. Repeatable.
   */
  @Override
  public void close() {
    log.info("stopping");
    for (Step next = opened.poll(); next != null; next = opened.poll()) {
      closePart(next.name(), next.close());
    }
    closePart("vertx", vertx::close);
    log.info("stopped");
  }

  private static void closePart(String name, Supplier<Future<?>> close) {
    try {
      close.get().await(PART_STOP_LIMIT_S, TimeUnit.SECONDS);
    } catch (Exception failure) {
      log.warn("did not close in order [part={}]", name, failure);
    }
  }

  public int httpPort() {
    return http.actualPort();
  }

  public int rtmpPort() {
    return ingest.rtmpPort();
  }

  public int rtspPort() {
    return ingest.rtspPort();
  }

  /** With TLS; 0 without. */
  public int httpsPort() {
    return http.securePort();
  }

  /** Empty without TLS. */
  public Optional<Integer> rtmpsPort() {
    return ingest.rtmpsPort();
  }

  /** Empty without TLS. */
  public Optional<Integer> rtspsPort() {
    return ingest.rtspsPort();
  }

  public int managementPort() {
    return management.actualPort();
  }

  void printAddresses(PrintStream out) {
    out.println("Halcyon is ready.");
    out.println("  page        http://localhost:" + httpPort() + "/");
    if (httpsPort() > 0) {
      out.println("              https://localhost:" + httpsPort() + "/");
    }
    out.println("  publish to  rtmp://localhost:" + rtmpPort() + "/live/STREAM_KEY");
    out.println(PUBLISH + "rtsp://localhost:" + rtspPort() + "/live/STREAM_KEY");
    rtmpsPort()
        .ifPresent(port -> out.println(PUBLISH + "rtmps://localhost:" + port + "/live/STREAM_KEY"));
    rtspsPort()
        .ifPresent(port -> out.println(PUBLISH + "rtsps://localhost:" + port + "/live/STREAM_KEY"));
    out.println("  health      http://localhost:" + managementPort() + "/health");
    out.println("  data        " + config.dataDir());
  }
}
