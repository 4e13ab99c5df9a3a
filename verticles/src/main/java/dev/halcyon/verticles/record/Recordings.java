package dev.halcyon.verticles.record;

import dev.halcyon.codecs.session.RecordedEnd;
import dev.halcyon.codecs.session.Recording;
import dev.halcyon.codecs.session.Seam;
import dev.halcyon.codecs.session.SessionFile;
import dev.halcyon.codecs.session.SessionStore;
import dev.halcyon.core.clip.HeldEpoch;
import dev.halcyon.core.stream.RecordingHealth;
import dev.halcyon.core.stream.RecordingHealth.State;
import dev.halcyon.core.stream.RecordingMode;
import dev.halcyon.core.time.Clock;
import dev.halcyon.verticles.ops.RecordingFigures;
import dev.halcyon.verticles.stream.LiveStream;
import dev.halcyon.verticles.stream.StreamArchive;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The recordings of a node's streams: records those whose settings say so, on a few named threads
 * of its own, and knows what was recorded. Any thread; opening a stream's recording blocks on the
 * disk, asking about an open one does not. Closed after the rings.
 */
public final class Recordings implements StreamArchive, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Recordings.class);

  private static final long LOOK_EVERY_MS = 100;
  private static final long SWEEP_EVERY_S = 60;

  private final RecordOptions options;
  private final SessionStore store;
  private final Clock clock;
  private final RecordFolders folders;
  private final Retention retention;
  private final RecordTotals totals = new RecordTotals();
  private final ScheduledThreadPoolExecutor threads;
  private final Map<UUID, Recording> open = new ConcurrentHashMap<>();
  private final Map<UUID, Running> running = new ConcurrentHashMap<>();

  private record Running(StreamRecorder recorder, ScheduledFuture<?> schedule) {}

  public Recordings(RecordOptions options, SessionStore store, Clock clock) {
    this.clock = clock;
    this.options = options;
    this.store = store;
    this.folders = new RecordFolders(options.dir());
    this.retention = new Retention(options.keepDays(), options.keepBytes(), clock);
    this.threads =
        new ScheduledThreadPoolExecutor(
            options.threads(), Thread.ofPlatform().daemon().name("recorder-", 0).factory());
    threads.setRemoveOnCancelPolicy(true);
  }

  /**
   * Takes over what an earlier run left. Blocking; before the first ring is opened.
   *
   * @param known the streams that there are
   */
  public void adopt(Set<UUID> known) throws IOException {
    folders.adopt();
    List<RecordFolders.Found> unknown =
        folders.all().stream().filter(found -> !known.contains(found.streamId())).toList();
    if (!unknown.isEmpty()) {
      log.warn(
          "recordings of streams that are not in the database are left alone [first={}, count={}]",
          unknown.getFirst().folder(),
          unknown.size());
    }
    if (retention.isOn()) {
      ScheduledFuture<?> unused =
          threads.scheduleWithFixedDelay(this::sweep, 0, SWEEP_EVERY_S, TimeUnit.SECONDS);
    }
  }

  /** Applies the retention policy to every recording of this node. */
  void sweep() {
    try {
      Map<UUID, List<Recording>> workspaces = new HashMap<>();
      for (RecordFolders.Found found : folders.all()) {
        workspaces
            .computeIfAbsent(found.workspaceId(), id -> new ArrayList<>())
            .add(of(found.workspaceId(), found.streamId()));
      }
      for (List<Recording> workspace : workspaces.values()) {
        totals.deletedFiles.add(retention.sweep(workspace));
      }
    } catch (IOException | RuntimeException failure) {
      log.error("the retention of recordings was not looked after", failure);
    }
  }

  /** The recording of a stream, empty or not. Blocking when it is asked for the first time. */
  public Recording of(UUID workspaceId, UUID streamId) {
    return open.computeIfAbsent(
        streamId,
        id -> {
          try {
            return Recording.open(store, folders.of(workspaceId, id));
          } catch (IOException failure) {
            throw new UncheckedIOException("cannot read the recording of " + id, failure);
          }
        });
  }

  /** The recording of a stream that was opened, or asked for before. */
  public Optional<Recording> known(UUID streamId) {
    return Optional.ofNullable(open.get(streamId));
  }

  @Override
  public Optional<HeldEpoch> newest(UUID workspaceId, UUID streamId) {
    List<HeldEpoch> held = of(workspaceId, streamId).held();
    return held.isEmpty() ? Optional.empty() : Optional.of(held.getLast());
  }

  @Override
  public void opened(LiveStream stream) {
    if (isWanted(stream)) {
      start(stream, Seam.LAGGED);
    }
  }

  @Override
  public void reconfigured(LiveStream stream) {
    if (isWanted(stream)) {
      start(stream, Seam.BEGUN);
    } else {
      stop(stream.id());
    }
  }

  private static boolean isWanted(LiveStream stream) {
    return stream.settings().recording() == RecordingMode.SESSION;
  }

  /**
   * @param seam BEGUN records from now on; else what the ring still holds behind the recording's
   *     end comes first
   */
  private void start(LiveStream stream, Seam seam) {
    running.computeIfAbsent(stream.id(), id -> running(stream, seam));
  }

  private Running running(LiveStream stream, Seam seam) {
    Recording recording = of(stream.workspaceId(), stream.id());
    RecordedEnd end = end(recording);
    List<HeldEpoch> held = recording.held();
    RangeCollector collector =
        new RangeCollector(
            stream.ring(),
            seam == Seam.BEGUN ? end.fromNowOn() : end,
            held.isEmpty() ? Seam.BEGUN : seam,
            clock);
    StreamRecorder recorder =
        new StreamRecorder(
            stream.ring(),
            collector,
            new SessionAppender(stream.id(), recording, options.fileLength()),
            end.epoch(),
            held.isEmpty() ? 0 : held.getLast().toUs(),
            new DiskRoom(store, options.dir(), options.freeBytes()),
            totals,
            clock,
            (state, reason) -> tell(stream, state, reason));
    return new Running(
        recorder,
        threads.scheduleWithFixedDelay(
            recorder::work, LOOK_EVERY_MS, LOOK_EVERY_MS, TimeUnit.MILLISECONDS));
  }

  private static RecordedEnd end(Recording recording) {
    try {
      return recording.end();
    } catch (IOException failure) {
      throw new UncheckedIOException("cannot read the end of " + recording.dir(), failure);
    }
  }

  private static void tell(LiveStream stream, State state, String reason) {
    switch (state) {
      case PAUSED -> stream.alert("RECORDING_PAUSED", reason + "; ring and clips go on");
      case FAILING -> stream.alert("RECORDING_FAILING", reason + "; ring and clips go on");
      case UNSUPPORTED -> stream.alert("RECORDING_UNSUPPORTED", reason);
      case RECORDING -> stream.alert("RECORDING_RESUMED", "the session is recorded again");
      case OFF -> {}
    }
  }

  @Override
  public void closing(LiveStream stream) {
    stop(stream.id());
  }

  private void stop(UUID streamId) {
    Running stopped = running.remove(streamId);
    if (stopped != null) {
      stopped.schedule().cancel(false);
      stopped.recorder().finish();
    }
  }

  @Override
  public void deleted(UUID streamId) {
    stop(streamId);
    open.remove(streamId);
    folders.delete(streamId);
  }

  RecordOptions options() {
    return options;
  }

  /** What is recorded of a stream. Blocking when it is asked for the first time. */
  RecordedStream describe(UUID workspaceId, UUID streamId) {
    Recording recording = of(workspaceId, streamId);
    return new RecordedStream(health(streamId), recording.ranges(), recording.files());
  }

  /** Deletes all that is recorded of a stream; recording goes on with what comes now. Blocking. */
  List<SessionFile> erase(UUID workspaceId, UUID streamId) throws IOException {
    Running recorded = running.get(streamId);
    if (recorded != null) {
      recorded.recorder().endFile();
    }
    return of(workspaceId, streamId).deleteUpTo(Long.MAX_VALUE);
  }

  @Override
  public RecordingHealth health(LiveStream stream) {
    return health(stream.id());
  }

  private RecordingHealth health(UUID streamId) {
    Recording recording = open.get(streamId);
    if (recording == null) {
      return RecordingHealth.NOTHING;
    }
    List<HeldEpoch> held = recording.held();
    Optional<StreamRecorder> recorder =
        Optional.ofNullable(running.get(streamId)).map(Running::recorder);
    return new RecordingHealth(
        recorder.map(StreamRecorder::state).orElse(State.OFF),
        recorder.map(StreamRecorder::reason).orElse(""),
        held.isEmpty() ? 0 : held.getFirst().fromUs(),
        held.isEmpty() ? 0 : held.getLast().toUs(),
        recording.sizeBytes(),
        recorder.map(StreamRecorder::lagUs).orElse(0L),
        recorder.map(StreamRecorder::missedUs).orElse(0L),
        recorder.map(StreamRecorder::failures).orElse(0L));
  }

  /** What dashboards see of it. */
  public RecordingFigures figures() {
    return new RecordingFigures(
        () -> count(State.RECORDING),
        () -> running.size() - count(State.RECORDING),
        () -> recorders().mapToLong(StreamRecorder::lagUs).max().orElse(0),
        totals.recordedUs::sum,
        totals.recordedBytes::sum,
        totals.missedUs::sum,
        totals.failures::sum,
        totals.deletedFiles::sum);
  }

  private Stream<StreamRecorder> recorders() {
    return running.values().stream().map(Running::recorder);
  }

  private int count(State state) {
    return (int) recorders().filter(recorder -> recorder.state() == state).count();
  }

  @Override
  public void close() {
    List.copyOf(running.keySet()).forEach(this::stop);
    threads.shutdown();
  }
}
