package dev.halcyon.core.event;

import dev.halcyon.core.detect.Highlight;
import dev.halcyon.core.detect.Signal;
import dev.halcyon.core.media.Track;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A fact about one stream, published on the event bus and to every listener of the stream; those
 * about its clips are {@link ClipEvent}s. Deeply immutable; under 4 KB when written as JSON.
 */
public sealed interface StreamEvent {
  UUID workspaceId();

  UUID streamId();

  /** Wall clock of the fact. */
  Instant at();

  /** The name on the wire, as in {@code stream.started}. */
  String type();

  /** A publisher's first packet of an epoch. */
  record StreamStarted(UUID workspaceId, UUID streamId, Instant at, int epoch, List<Track> tracks)
      implements StreamEvent {
    public StreamStarted {
      tracks = List.copyOf(tracks);
    }

    @Override
    public String type() {
      return "stream.started";
    }
  }

  /** The publisher is gone. */
  record StreamEnded(UUID workspaceId, UUID streamId, Instant at, int epoch, String reason)
      implements StreamEvent {
    @Override
    public String type() {
      return "stream.ended";
    }
  }

  /** One detector fired. */
  record SignalRaised(UUID workspaceId, UUID streamId, Instant at, Signal signal)
      implements StreamEvent {
    @Override
    public String type() {
      return "signal";
    }
  }

  /**
   * Loudness of the recent past, ten values a second, for the page's sparkline.
   *
   * @param fromUs stream time of the first value
   * @param stepUs distance between values
   * @param lufs momentary loudness, −70 at the least
   */
  record LevelsMeasured(
      UUID workspaceId, UUID streamId, Instant at, long fromUs, long stepUs, List<Double> lufs)
      implements StreamEvent {
    public LevelsMeasured {
      lufs = List.copyOf(lufs);
    }

    @Override
    public String type() {
      return "levels";
    }
  }

  /** Signals became a highlight. A clip of its window follows. */
  record HighlightDetected(UUID workspaceId, UUID streamId, Instant at, Highlight highlight)
      implements StreamEvent {
    @Override
    public String type() {
      return "highlight.detected";
    }
  }

  /** The disk was full before the ring had its room: it holds less than asked. */
  record RingShrunk(UUID workspaceId, UUID streamId, Instant at, long capacityBytes)
      implements StreamEvent {
    @Override
    public String type() {
      return "ring.shrunk";
    }
  }

  /** Something about the ingest that its owner should know. */
  record IngestAlert(UUID workspaceId, UUID streamId, Instant at, String code, String message)
      implements StreamEvent {
    @Override
    public String type() {
      return "ingest.alert";
    }
  }
}
