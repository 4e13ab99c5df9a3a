package dev.halcyon.verticles.record;

import dev.halcyon.codecs.session.RecordedRange;
import dev.halcyon.codecs.session.SessionExport;
import dev.halcyon.codecs.session.SessionFile;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.verticles.ops.DiskThreads;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What people ask of recordings: what there is, a range to download, to delete it. The disk is read
 * on two threads of its own. Any thread; who may ask is asked elsewhere.
 */
public final class RecordingDesk implements AutoCloseable {
  private static final int THREADS = 2;

  private final Recordings recordings;
  private final DownloadOptions options;
  private final AtomicInteger downloads = new AtomicInteger();
  private final DiskThreads threads;

  public RecordingDesk(Vertx vertx, Recordings recordings, DownloadOptions options) {
    this.recordings = recordings;
    this.options = options;
    this.threads = new DiskThreads(vertx, "recording-reader-", THREADS);
  }

  public Future<RecordedStream> describe(UUID workspaceId, UUID streamId) {
    return call(() -> recordings.describe(workspaceId, streamId));
  }

  /** How long recordings are kept. */
  public RecordOptions policy() {
    return recordings.options();
  }

  /**
   * Opens a part of a recording, as far as it is recorded.
   *
   * @return what the caller closes; fails with RANGE_NOT_HELD when nothing of it is recorded,
   *     EPOCH_CROSSED when a coding changes in it, PAYLOAD_TOO_LARGE when it is too long for one
   *     answer, OVERLOADED when too many are on their way, RECORDING_CORRUPT
   */
  public Future<RangeDownload> open(UUID workspaceId, UUID streamId, RecordedSpan span) {
    if (downloads.incrementAndGet() > options.atOnce()) {
      downloads.decrementAndGet();
      return Future.failedFuture(
          new HalcyonException(
              ErrorCode.OVERLOADED, options.atOnce() + " downloads of recordings are on already"));
    }
    return call(() -> new RangeDownload(this, export(workspaceId, streamId, span)))
        .onFailure(failure -> downloads.decrementAndGet());
  }

  private SessionExport export(UUID workspaceId, UUID streamId, RecordedSpan span)
      throws IOException {
    List<RecordedRange> ranges = recordings.of(workspaceId, streamId).ranges();
    if (ranges.isEmpty()) {
      throw new HalcyonException(ErrorCode.RANGE_NOT_HELD, "nothing is recorded of the stream");
    }
    long fromUs = span.fromUs(ranges);
    long toUs = span.toUs(ranges);
    if (toUs <= fromUs) {
      throw new HalcyonException(
          ErrorCode.RANGE_NOT_HELD,
          "nothing of that is recorded; recorded is %d..%d us"
              .formatted(ranges.getFirst().fromUs(), ranges.getLast().toUs()));
    }
    if (toUs - fromUs > options.longest().toNanos() / 1_000) {
      throw new HalcyonException(
          ErrorCode.PAYLOAD_TOO_LARGE,
          "that lasts %d s; ask for at most %d s at once (recording.download_max_s)"
              .formatted((toUs - fromUs) / 1_000_000, options.longest().toSeconds()));
    }
    return SessionExport.of(recordings.of(workspaceId, streamId), fromUs, toUs);
  }

  /**
   * Deletes whole files: all, or those that ended by a stream time.
   *
   * @return what is gone
   */
  public Future<List<SessionFile>> erase(UUID workspaceId, UUID streamId, RecordedSpan span) {
    return call(
        () ->
            span.isWhole()
                ? recordings.erase(workspaceId, streamId)
                : eraseUpTo(workspaceId, streamId, span));
  }

  private List<SessionFile> eraseUpTo(UUID workspaceId, UUID streamId, RecordedSpan span)
      throws IOException {
    List<RecordedRange> ranges = recordings.of(workspaceId, streamId).ranges();
    return ranges.isEmpty()
        ? List.of()
        : recordings.of(workspaceId, streamId).deleteUpTo(span.toUs(ranges));
  }

  /** Runs work that may wait for the disk; ends on the caller's context. */
  <T> Future<T> call(Callable<T> work) {
    return threads.call(work);
  }

  void onClosed() {
    downloads.decrementAndGet();
  }

  /** How many are on their way. */
  public int downloads() {
    return downloads.get();
  }

  /** Those who download are cut off. */
  @Override
  public void close() {
    threads.close();
  }
}
