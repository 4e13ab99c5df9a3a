package dev.halcyon.verticles.detect;

import dev.halcyon.core.clip.ClipRequested;
import dev.halcyon.core.detect.Highlight;
import dev.halcyon.core.event.StreamEvent;
import java.util.UUID;

/** Where detection tells what it found. Called on tap threads, for one stream in order. */
interface DetectionSink {
  /** Must not block. */
  void publish(StreamEvent fact);

  /** Asks for the clip of a new highlight. Must not block. */
  void request(ClipRequested request);

  /** The stream's newest highlight became this. Must not block. */
  void extend(UUID streamId, Highlight highlight);
}
