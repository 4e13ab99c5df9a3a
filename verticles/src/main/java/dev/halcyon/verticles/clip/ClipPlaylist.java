package dev.halcyon.verticles.clip;

import dev.halcyon.codecs.cut.ClipBytes;
import dev.halcyon.codecs.cut.GrowingSegments;
import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * A clip in segments, for all who follow it by a playlist. Any thread; {@link ClipPlaylists} closes
 * it.
 */
final class ClipPlaylist implements AutoCloseable {
  private final OpenClip clip;
  private final GrowingSegments segments;
  private volatile long askedNs;

  ClipPlaylist(OpenClip clip, GrowingSegments segments, long nowNs) {
    this.clip = clip;
    this.segments = segments;
    this.askedNs = nowNs;
  }

  OpenClip clip() {
    return clip;
  }

  void asked(long nowNs) {
    askedNs = nowNs;
  }

  /** When somebody asked last, on the clock's {@code nanoTime}. */
  long askedNs() {
    return askedNs;
  }

  /** What there is by now; may wait for the disk. */
  GrowingSegments.Listing look() {
    clip.requireKept();
    return segments.look();
  }

  /** What players need before the first segment. */
  Buffer header() {
    byte[] bytes = new byte[segments.header().remaining()];
    segments.header().get(bytes);
    return Buffer.buffer(bytes);
  }

  Optional<ClipBytes> segment(int number) {
    clip.requireKept();
    return segments.segment(number);
  }

  @Override
  public void close() {
    segments.close();
  }
}
