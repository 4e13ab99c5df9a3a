package dev.halcyon.verticles.ops;

import dev.halcyon.codecs.av.NativeMemory;
import dev.halcyon.core.clip.ClipStatus;
import dev.halcyon.core.clip.verify.Verification;
import dev.halcyon.core.detect.SignalKind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;

/**
 * Everything that a node measures about itself, in one place, so that the names and units that
 * dashboards rely on are seen together. No label has a stream, user or address as its value: their
 * number has no bound. Any thread; recording allocates nothing.
 *
 * <p>The node that made it closes it.
 */
public final class Metrics implements AutoCloseable {
  private static final double US_PER_S = 1e6;

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics gc = new JvmGcMetrics();
  private final LongAdder ingestedBytes = new LongAdder();
  private final Map<SignalKind, Counter> signals = new EnumMap<>(SignalKind.class);
  private final Timer ringAppend;
  private final Timer clipOpened;
  private final Timer clipPlayable;
  private final Timer clipLatency;
  private final Timer endToEnd;
  private final Counter clipsSealed;
  private final Counter clipsFailed;
  private final Counter clipsVerified;
  private final Counter clipVerifyFailures;
  private final Counter refusedWork;
  private final Timer exactMade;
  private final Counter exactFailures;
  private final Counter highlights;
  private final Counter viewersDropped;
  private final Counter clipLeasesRevoked;

  /** What can be wrong between stored files and rows; the label of their number. */
  public enum BlobFault {
    ORPHAN,
    LOST,
    DAMAGED;

    private String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Which part of a stream's media a tap decodes; the label of its lag. */
  public enum Tap {
    AUDIO("audio"),
    VIDEO("video");

    private final String label;

    Tap(String label) {
      this.label = label;
    }
  }

  /** What is told of the open rings together. */
  public enum RingFigure {
    HELD("halcyon.rings.held", "bytes", "Records held by all rings"),
    HELD_TIME("halcyon.rings.held.time", "seconds", "Stream time held by all rings"),
    CAPACITY("halcyon.rings.capacity", "bytes", "What all rings can hold"),
    OVERRUN("halcyon.rings.overrun", "bytes", "What readers missed of the rings open now"),
    FORCE_LAG(
        "halcyon.rings.force.lag",
        "seconds",
        "How long ago the ring that is furthest behind was safe against a loss of power"),
    FORCE_FAILURES(
        "halcyon.rings.force.failures",
        "",
        "How often a disk did not take what was to be made safe, of the rings open now"),
    LEASES_HELD("halcyon.rings.leases.held", "", "Ranges that readers asked to keep"),
    LEASES_REVOKED(
        "halcyon.rings.leases.revoked",
        "",
        "Leases that a writer took from their readers, of the rings open now");

    private final String metric;
    private final String unit;
    private final String description;

    RingFigure(String metric, String unit, String description) {
      this.metric = metric;
      this.unit = unit;
      this.description = description;
    }
  }

  public Metrics() {
    ringAppend =
        timer("halcyon.ring.append", "One packet into the ring, checksum included")
            .serviceLevelObjectives(micros(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 10_000))
            .register(registry);
    clipOpened =
        timer("halcyon.clip.opened.latency", "From a clip's request to clip.opened")
            .serviceLevelObjectives(toOpen())
            .register(registry);
    clipPlayable =
        timer(
                "halcyon.clip.playable.latency",
                "From a clip's request, or the beginning of a window in the future, to"
                    + " clip.playable")
            .serviceLevelObjectives(toOpen())
            .register(registry);
    clipLatency =
        timer("halcyon.clip.latency", "From the close of a clip's window to its announcement")
            .serviceLevelObjectives(
                millis(10, 20, 30, 50, 75, 100, 150, 200, 300, 500, 1_000, 2_000, 5_000))
            .register(registry);
    endToEnd =
        timer(
                "stream.e2e.latency",
                "From the arrival of the media that triggered a clip to its announcement,"
                    + " post-roll included")
            .serviceLevelObjectives(
                millis(
                    500, 1_000, 2_000, 3_000, 4_000, 5_000, 6_000, 8_000, 10_000, 15_000, 30_000,
                    60_000, 120_000))
            .register(registry);
    clipsSealed = clips(ClipStatus.SEALED);
    clipsFailed = clips(ClipStatus.FAILED);
    clipsVerified =
        Counter.builder("clip.verified")
            .description("Files held against their contracts")
            .register(registry);
    clipVerifyFailures =
        Counter.builder("clip.verify.failures")
            .description("Files that did not keep their contracts")
            .register(registry);
    exactMade =
        timer("clip.exact", "Files for players that ignore edit lists that were made")
            .register(registry);
    exactFailures =
        Counter.builder("clip.exact.failures")
            .description("Files for players that ignore edit lists that could not be made")
            .register(registry);
    refusedWork =
        Counter.builder("clip.work.refused")
            .description("Work on finished clips that was refused because too much waited")
            .register(registry);
    highlights =
        Counter.builder("halcyon.highlights").description("Highlights opened").register(registry);
    viewersDropped =
        Counter.builder("halcyon.clip.viewers.dropped")
            .description("Viewers of growing clips that took nothing for too long")
            .register(registry);
    clipLeasesRevoked =
        Counter.builder("halcyon.clip.leases.revoked")
            .description("Open clips whose window the ring could not keep")
            .register(registry);
    for (SignalKind kind : SignalKind.values()) {
      signals.put(
          kind,
          Counter.builder("halcyon.signals")
              .description("Signals raised")
              .tag("kind", kind.wire())
              .register(registry));
    }
    FunctionCounter.builder("halcyon.ingest", ingestedBytes, LongAdder::doubleValue)
        .description("Payload taken from publishers")
        .baseUnit("bytes")
        .register(registry);
    bindNative();
    bindProcess();
  }

  private static Timer.Builder timer(String name, String description) {
    return Timer.builder(name).description(description);
  }

  private static Duration[] toOpen() {
    return millis(5, 10, 20, 30, 50, 75, 100, 150, 200, 300, 500, 1_000, 2_000, 5_000);
  }

  private Counter clips(ClipStatus status) {
    return Counter.builder("halcyon.clips")
        .description("Clips that came to this state")
        .tag("status", status.wire())
        .register(registry);
  }

  private void bindNative() {
    for (NativeMemory.Tag tag : NativeMemory.Tag.values()) {
      Gauge.builder("halcyon.native", () -> NativeMemory.snapshot().get(tag).bytes())
          .description("Bytes that our handles hold outside the Java heap")
          .baseUnit("bytes")
          .tag("tag", tag.wire())
          .register(registry);
      Gauge.builder("halcyon.native.objects", () -> NativeMemory.snapshot().get(tag).objects())
          .description("Native objects that our handles hold")
          .tag("tag", tag.wire())
          .register(registry);
    }
  }

  private void bindProcess() {
    new ClassLoaderMetrics().bindTo(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    gc.bindTo(registry);
    Gauge.builder("process.rss.anon", ResidentMemory::anonymousBytes)
        .description("Resident memory that is not backed by files: heap and native, no rings")
        .baseUnit("bytes")
        .register(registry);
  }

  /** For binders of libraries, as that of Vert.x. */
  public MeterRegistry registry() {
    return registry;
  }

  /**
   * How many faults of a kind the last comparison of files and rows found. Called once a kind.
   *
   * @param count before they were repaired
   */
  public void blobFaults(BlobFault fault, LongSupplier count) {
    Gauge.builder("halcyon.blob.faults", count::getAsLong)
        .description("Faults that the last sweep of the blob store found")
        .tag("kind", fault.label())
        .register(registry);
  }

  /** How many such faults were put right since the start. Called once. */
  public void blobRepairs(LongSupplier count) {
    FunctionCounter.builder("halcyon.blob.repairs", count, LongSupplier::getAsLong)
        .description("Faults between blob store and rows that were put right")
        .register(registry);
  }

  /** The number of streams whose media arrives now. Called once. */
  public void activeStreams(IntSupplier count) {
    Gauge.builder("active.streams", count::getAsInt)
        .description("Streams whose media arrives")
        .register(registry);
  }

  /** How often the embedded database has died and was started again. Called once. */
  public void databaseRestarts(LongSupplier count) {
    FunctionCounter.builder("halcyon.database.restarts", count, LongSupplier::getAsLong)
        .description("Deaths of the embedded database that were followed by a restart")
        .register(registry);
  }

  /** The number of rings that are smaller than asked because the disk was full. Called once. */
  public void shrunkRings(IntSupplier count) {
    Gauge.builder("halcyon.rings.shrunk", count::getAsInt)
        .description("Rings smaller than asked")
        .register(registry);
  }

  /** A figure of the rings that are open now. Called once each. */
  public void rings(RingFigure figure, DoubleSupplier value) {
    Gauge.builder(figure.metric, value::getAsDouble)
        .baseUnit(figure.unit)
        .description(figure.description)
        .register(registry);
  }

  /** What the recordings of sessions do. Called once. */
  public void recordings(RecordingFigures figures) {
    Gauge.builder("halcyon.recordings.active", figures.active()::getAsInt)
        .description("Streams that are recorded")
        .register(registry);
    Gauge.builder("halcyon.recordings.impaired", figures.impaired()::getAsInt)
        .description("Streams that should be recorded and are not: disk full or failing, codec")
        .register(registry);
    Gauge.builder("halcyon.recording.lag", () -> figures.worstLagUs().getAsLong() / US_PER_S)
        .description("How far the slowest recording is behind the newest media")
        .baseUnit("seconds")
        .register(registry);
    counter(
        "halcyon.recording.recorded", "Media recorded", "seconds", figures.recordedUs(), US_PER_S);
    counter("halcyon.recording.written", "Payload recorded", "bytes", figures.recordedBytes(), 1);
    counter(
        "halcyon.recording.missed",
        "Media that was not recorded though it should have been",
        "seconds",
        figures.missedUs(),
        US_PER_S);
    counter(
        "halcyon.recording.failures", "Failures to write recordings", null, figures.failures(), 1);
    counter(
        "halcyon.recording.deleted",
        "Recorded files deleted by the retention policy",
        "files",
        figures.deletedFiles(),
        1);
  }

  /** What is brought to another machine's store, and read from there. Called once. */
  public void uploads(UploadFigures figures) {
    gauge(
        "halcyon.blob.store.up",
        "Whether the store answers as it should",
        null,
        figures.reachable(),
        1);
    gauge(
        "halcyon.blob.uploads.waiting",
        "Files that only this node has",
        null,
        figures.waiting(),
        1);
    gauge(
        "halcyon.blob.uploads.waiting.size",
        "What only this node has",
        "bytes",
        figures.waitingBytes(),
        1);
    gauge(
        "halcyon.blob.uploads.oldest",
        "How long the oldest file waits to be stored",
        "seconds",
        figures.oldestMs(),
        1_000);
    counter("halcyon.blob.uploads.stored", "Files stored", null, figures.storedFiles(), 1);
    counter("halcyon.blob.uploads.sent", "What the store took", "bytes", figures.sentBytes(), 1);
    counter("halcyon.blob.uploads.failures", "Tries that failed", null, figures.failures(), 1);
    counter("halcyon.blob.evicted.files", "Local copies deleted", null, figures.evictedFiles(), 1);
    counter("halcyon.blob.evicted", "Local copies deleted", "bytes", figures.evictedBytes(), 1);
    counter("halcyon.blob.store.reads", "Parts read from the store", null, figures.reads(), 1);
    counter("halcyon.blob.store.read", "What was read there", "bytes", figures.readBytes(), 1);
  }

  private void gauge(
      String name, String description, String unit, LongSupplier value, double divisor) {
    Gauge.builder(name, () -> value.getAsLong() / divisor)
        .description(description)
        .baseUnit(unit)
        .register(registry);
  }

  private void counter(
      String name, String description, String unit, LongSupplier value, double divisor) {
    // The counter holds its object weakly: one that lives as long as the registry.
    FunctionCounter.builder(name, this, self -> value.getAsLong() / divisor)
        .description(description)
        .baseUnit(unit)
        .register(registry);
  }

  /**
   * How far a kind of tap is behind the newest media. Called once a kind.
   *
   * @param worstS seconds, of the stream that is furthest behind
   */
  public void tapLag(Tap tap, DoubleSupplier worstS) {
    Gauge.builder("halcyon.tap.lag", worstS::getAsDouble)
        .description("How far the slowest stream's tap is behind the newest media")
        .baseUnit("seconds")
        .tag("tap", tap.label)
        .register(registry);
  }

  /**
   * How many requests wait for a model. Called once a model.
   *
   * @param name of the model
   */
  public void modelQueue(String name, IntSupplier depth) {
    Gauge.builder("gpu.queue.depth", depth::getAsInt)
        .description("Requests that wait for a model, whatever computes it")
        .tag("queue_name", name)
        .register(registry);
  }

  public void ringAppended(long ns) {
    ringAppend.record(ns, TimeUnit.NANOSECONDS);
  }

  public void ingested(long bytes) {
    ingestedBytes.add(bytes);
  }

  public void signalRaised(SignalKind kind) {
    signals.get(kind).increment();
  }

  public void highlightOpened() {
    highlights.increment();
  }

  /**
   * @param latencyNs since the clip was asked for
   */
  public void clipOpened(long latencyNs) {
    clipOpened.record(latencyNs, TimeUnit.NANOSECONDS);
  }

  /**
   * @param latencyNs since the clip was asked for, or its window began
   */
  public void clipPlayable(long latencyNs) {
    clipPlayable.record(latencyNs, TimeUnit.NANOSECONDS);
  }

  /** The number of clips whose window is open or that are being written. Called once. */
  public void openClips(IntSupplier count) {
    Gauge.builder("halcyon.clips.open", count::getAsInt)
        .description("Clips that are being made")
        .register(registry);
  }

  /** The number of people who watch clips that grow. Called once. */
  public void clipViewers(IntSupplier count) {
    Gauge.builder("halcyon.clip.viewers", count::getAsInt)
        .description("Viewers of clips that grow")
        .register(registry);
  }

  /** The number of streams that are watched live. Called once. */
  public void livePreviews(IntSupplier count) {
    Gauge.builder("halcyon.live.previews", count::getAsInt)
        .description("Streams that are watched live")
        .register(registry);
  }

  /** The number of ranges of recordings that are being downloaded. Called once. */
  public void recordingDownloads(IntSupplier count) {
    Gauge.builder("halcyon.recording.downloads", count::getAsInt)
        .description("Ranges of recordings that are being downloaded")
        .register(registry);
  }

  /** A viewer of a growing clip took nothing for so long that it was cut off. */
  public void clipViewerDropped() {
    viewersDropped.increment();
  }

  /** The ring gave up keeping the window of a clip that is being made. */
  public void clipLeaseRevoked() {
    clipLeasesRevoked.increment();
  }

  /**
   * @param latencyNs since the clip's window closed
   */
  public void clipAnnounced(long latencyNs) {
    clipLatency.record(latencyNs, TimeUnit.NANOSECONDS);
    clipsSealed.increment();
  }

  public void clipFailed() {
    clipsFailed.increment();
  }

  public void clipVerified(Verification verification) {
    clipsVerified.increment();
    if (!verification.isOk()) {
      clipVerifyFailures.increment();
    }
  }

  /**
   * @param kind one of the few that there are
   */
  public void clipDerived(String kind) {
    Counter.builder("clip.derived")
        .description("Other forms of clips that were made")
        .tag("kind", kind)
        .register(registry)
        .increment();
  }

  /**
   * @param ns that it took
   */
  public void exactMade(long ns) {
    exactMade.record(ns, TimeUnit.NANOSECONDS);
  }

  public void exactFailed() {
    exactFailures.increment();
  }

  public void clipWorkRefused() {
    refusedWork.increment();
  }

  /**
   * @param us since the media that triggered the clip arrived
   */
  public void endToEnd(long us) {
    endToEnd.record(us, TimeUnit.MICROSECONDS);
  }

  /** All of it in Prometheus' text format 0.0.4. Takes some milliseconds. */
  public String scrape() {
    return registry.scrape();
  }

  @Override
  public void close() {
    gc.close();
    registry.close();
  }

  private static Duration[] micros(long... values) {
    return LongStream.of(values)
        .mapToObj(us -> Duration.ofNanos(us * 1_000))
        .toArray(Duration[]::new);
  }

  private static Duration[] millis(long... values) {
    return LongStream.of(values).mapToObj(Duration::ofMillis).toArray(Duration[]::new);
  }
}
