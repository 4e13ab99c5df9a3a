package dev.halcyon.verticles.record;

import dev.halcyon.codecs.session.ClosedRange;
import dev.halcyon.codecs.session.Fragment;
import dev.halcyon.codecs.session.RangePacket;
import dev.halcyon.codecs.session.RangePayloads;
import dev.halcyon.codecs.session.Recording;
import dev.halcyon.codecs.session.SessionFile;
import dev.halcyon.codecs.session.SessionHead;
import dev.halcyon.codecs.session.SessionWriter;
import dev.halcyon.verticles.record.RangeCollector.Closed;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends closed ranges to a recording: into the same file while epoch and tracks stay, into a new
 * one by the clock, at a place where decoding can begin. One thread at a time; closed by whoever
 * made it.
 */
final class SessionAppender implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SessionAppender.class);

  /** A publisher that comes back within this goes on with the same session. */
  private static final long SESSION_PAUSE_US = TimeUnit.MINUTES.toMicros(10);

  private final UUID streamId;
  private final Recording recording;
  private final long fileUs;
  private Optional<SessionWriter> writer = Optional.empty();

  /**
   * @param fileLength by the wall clock
   */
  SessionAppender(UUID streamId, Recording recording, Duration fileLength) {
    this.streamId = streamId;
    this.recording = recording;
    this.fileUs = fileLength.toNanos() / 1_000;
  }

  /**
   * @throws dev.halcyon.core.error.HalcyonException UNSUPPORTED_MEDIA or CORRUPT_MEDIA when MP4
   *     does not carry a track; also what {@code payloads} throws
   * @throws IOException from the disk; nothing of the range is kept
   */
  Fragment append(Closed closed, RangePayloads payloads) throws IOException {
    if (writer.isPresent() && !belongs(closed, writer.get().file().head())) {
      close();
    }
    if (writer.isEmpty()) {
      writer = Optional.of(recording.begin(head(closed), originUs(closed.range())));
    }
    return writer.get().append(closed.range(), payloads);
  }

  private boolean belongs(Closed closed, SessionHead head) {
    ClosedRange range = closed.range();
    boolean isOfThisHour = range.arrivalUs() / fileUs == head.openedWallUs() / fileUs;
    return head.epoch() == closed.epoch().number()
        && head.tracks().equals(closed.tracks())
        && (isOfThisHour || !range.isStart());
  }

  private SessionHead head(Closed closed) {
    RangeCollector.Epoch epoch = closed.epoch();
    return new SessionHead(
        streamId,
        sessionAt(closed.range().arrivalUs()),
        0,
        0,
        epoch.number(),
        epoch.anchorStreamUs(),
        epoch.anchorWallUs(),
        closed.range().arrivalUs(),
        closed.tracks());
  }

  private UUID sessionAt(long arrivalUs) {
    List<SessionFile> before = recording.files();
    boolean isSame =
        !before.isEmpty() && arrivalUs - before.getLast().lastArrivalUs() < SESSION_PAUSE_US;
    return isSame ? before.getLast().head().sessionId() : UUID.randomUUID();
  }

  private static long originUs(ClosedRange range) {
    return range.packets().stream().mapToLong(RangePacket::dtsUs).min().orElseThrow();
  }

  /** Whether the last range found or began a file. */
  boolean hasFile() {
    return writer.isPresent();
  }

  /** Ends the file; the next range begins another. */
  @Override
  public void close() {
    if (writer.isEmpty()) {
      return;
    }
    try {
      writer.get().close();
    } catch (IOException failure) {
      log.warn("a recorded file has no index for now [stream={}]", streamId, failure);
    }
    recording.closed(writer.get());
    writer = Optional.empty();
  }
}
