package dev.halcyon.verticles.stream;

import io.vertx.core.Future;
import java.util.OptionalLong;

/** What looks at the media of streams as it arrives: decoders and detectors. Any thread. */
public interface StreamWatch {
  /** Begins to look at a stream from its newest media on; nothing when it already does. */
  void start(LiveStream stream);

  /** The publisher is gone for now: what is there is looked at to its end. */
  void ended(LiveStream stream);

  /** Ends when what {@link #ended} left to do is done, within a second. */
  Future<Void> settled();

  /** Lets go of a stream; blocks until nothing reads its ring any more. */
  void stop(LiveStream stream);

  /** How far the audio is looked at behind the ring's end; empty when it is not. */
  OptionalLong audioLagUs(LiveStream stream);

  /** How far the video is looked at behind the ring's end; empty when it is not. */
  OptionalLong videoLagUs(LiveStream stream);
}
