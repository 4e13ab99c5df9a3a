package dev.halcyon.codecs.render;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Decoded sound of two channels, 48,000 Hz, in a file that nobody else sees: it is gone over
 * several times, and no length of it fills the memory. One thread; closed by who made it.
 */
final class SoundScratch implements AutoCloseable {
  static final int RATE_HZ = 48_000;
  static final int CHANNELS = 2;

  /** Samples that are handed over at once. */
  static final int BLOCK = 1024;

  private static final int FRAME_BYTES = CHANNELS * Float.BYTES;

  private final FileChannel file;
  private final ByteBuffer bytes =
      ByteBuffer.allocateDirect(BLOCK * FRAME_BYTES).order(ByteOrder.nativeOrder());
  private final FloatBuffer floats = bytes.asFloatBuffer();
  private long samples;

  /** Takes a plane a channel, lent for the call. */
  interface Sink {
    void accept(float[][] planes, int count) throws IOException;
  }

  /**
   * @param path to be used for a moment; must not exist
   */
  SoundScratch(Path path) throws IOException {
    file =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
  }

  /** Appends. */
  void add(float[][] planes, int from, int count) throws IOException {
    for (int at = 0; at < count; at += BLOCK) {
      int now = Math.min(BLOCK, count - at);
      for (int i = 0; i < now; i++) {
        floats.put(2 * i, planes[0][from + at + i]);
        floats.put(2 * i + 1, planes[1][from + at + i]);
      }
      bytes.clear().limit(now * FRAME_BYTES);
      while (bytes.hasRemaining()) {
        file.write(bytes, samples * FRAME_BYTES + bytes.position());
      }
      samples += now;
    }
  }

  void addSilence(long count) throws IOException {
    float[][] none = new float[CHANNELS][BLOCK];
    for (long at = 0; at < count; at += BLOCK) {
      add(none, 0, (int) Math.min(BLOCK, count - at));
    }
  }

  long samples() {
    return samples;
  }

  /** All of it from the beginning, in blocks of {@link #BLOCK}; the last may be shorter. */
  void each(Sink sink) throws IOException {
    float[][] planes = new float[CHANNELS][BLOCK];
    for (long at = 0; at < samples; at += BLOCK) {
      int now = (int) Math.min(BLOCK, samples - at);
      bytes.clear().limit(now * FRAME_BYTES);
      while (bytes.hasRemaining()) {
        if (file.read(bytes, at * FRAME_BYTES + bytes.position()) < 0) {
          throw new IOException("a file became shorter while it was read");
        }
      }
      for (int i = 0; i < now; i++) {
        planes[0][i] = floats.get(2 * i);
        planes[1][i] = floats.get(2 * i + 1);
      }
      sink.accept(planes, now);
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
