package dev.halcyon.verticles.stream;

import java.util.OptionalLong;

/** What looks at the media of streams as it arrives: decoders and detectors. Any thread. */
public interface StreamWatch {
  /** Begins to look at a stream from its newest media on; nothing when it already does. */
  void start(LiveStream stream);

  /** The publisher is gone for now. */
  void ended(LiveStream stream);

  /** Lets go of a stream; blocks until nothing reads its ring any more. */
  void stop(LiveStream stream);

  /** How far the audio is looked at behind the ring's end; empty when it is not. */
  OptionalLong audioLagUs(LiveStream stream);

  /** How far the video is looked at behind the ring's end; empty when it is not. */
  OptionalLong videoLagUs(LiveStream stream);
}
