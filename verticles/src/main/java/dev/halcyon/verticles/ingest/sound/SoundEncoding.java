package dev.halcyon.verticles.ingest.sound;

import dev.halcyon.core.media.AudioFormat;
import java.nio.ByteBuffer;

/**
 * Encodes one track's sound elsewhere. Called on the publisher's event loop, which it never blocks.
 */
public interface SoundEncoding extends AutoCloseable {
  /** Opens encodings. Any thread. */
  interface Factory {
    /**
     * @param sink called on the thread that calls this method, later
     */
    SoundEncoding open(int sampleRateHz, int channels, Sink sink);

    /**
     * The same for one track, which opens one encoding after the other: bounded in what it can have
     * open and waiting.
     */
    default Factory forTrack() {
      return this;
    }
  }

  /** Where encoded sound goes. */
  interface Sink {
    /** Before the first packet. */
    void onFormat(AudioFormat format);

    /**
     * @param atUs time of its first sample, counted from the first sample given; never negative
     */
    void onPacket(long atUs, ByteBuffer packet);

    /** No sound will come any more. */
    void onFailure(String reason);
  }

  /**
   * Takes samples that follow those before.
   *
   * @param planes −1 to 1, a plane a channel; not to be touched again by the caller
   * @return false when so much waits already that these are not taken
   */
  boolean encode(float[][] planes);

  /** Ends it; nothing more comes out. */
  @Override
  void close();
}
