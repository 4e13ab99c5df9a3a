package dev.halcyon.codecs.mp4;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Where a file's samples come from. Called on the writing thread, in file order. */
@FunctionalInterface
public interface PayloadSource {
  /**
   * Puts the whole payload of a sample into {@code target}, which has room for exactly that.
   *
   * @param track index into the tracks of the file
   * @param sample index into the track's samples
   */
  void read(int track, int sample, ByteBuffer target) throws IOException;
}
