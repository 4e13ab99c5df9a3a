package dev.halcyon.verticles.ingest.sound;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.core.media.AudioFormat;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What one publisher can have waiting, while the threads that encode are held up. */
@Timeout(60)
class SoundEncodersTest {
  private static final int RATE_HZ = 8_000;
  private static final int JUMPS = 2_000;

  private final CountDownLatch isHeld = new CountDownLatch(1);
  private final CountDownLatch isFree = new CountDownLatch(1);

  /** Holds the thread that encodes, once. */
  private final class Holding implements SoundEncoding.Sink {
    @Override
    public void onFormat(AudioFormat format) {
      isHeld.countDown();
      try {
        assertTrue(isFree.await(30, TimeUnit.SECONDS));
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void onPacket(long atUs, ByteBuffer packet) {}

    @Override
    public void onFailure(String reason) {}
  }

  private static final class Counting implements PlainSound.Sink {
    private final CountDownLatch packets = new CountDownLatch(1);

    @Override
    public void onFormat(AudioFormat format) {}

    @Override
    public void onPacket(long atUs, ByteBuffer packet) {
      packets.countDown();
    }

    @Override
    public void onSeam() {}

    @Override
    public void onFailure(String reason) {}
  }

  private static PlainSound sound(SoundEncoding.Factory encodings, PlainSound.Sink sink) {
    var format = new PcmFormat(PcmFormat.Encoding.MU_LAW, RATE_HZ, 1);
    return new PlainSound(format, encodings, sink);
  }

  @Test
  void stampsThatJumpOpenNoMoreThanAFewEncodings() throws Exception {
    try (SoundEncoders encoders = new SoundEncoders(1, () -> Runnable::run);
        SoundEncoding holding = encoders.open(RATE_HZ, 1, new Holding())) {
      holding.encode(new float[1][RATE_HZ]);
      assertTrue(isHeld.await(30, TimeUnit.SECONDS));
      assertTrue(takenOf(encoders) <= 8, "encodings wait without bound");
      Counting other = new Counting();
      try (PlainSound steady = sound(encoders.forTrack(), other)) {
        steady.onSound(0, ByteBuffer.allocate(RATE_HZ));
        isFree.countDown();
        assertTrue(other.packets.await(30, TimeUnit.SECONDS), "the other one is not heard");
      }
    }
  }

  /** How many of a publisher's blocks are taken, each of which steps by 1000 s. */
  private static int takenOf(SoundEncoders encoders) {
    int[] taken = {0};
    SoundEncoding.Factory track = encoders.forTrack();
    SoundEncoding.Factory counted =
        (rateHz, channels, sink) -> counting(track.open(rateHz, channels, sink), taken);
    try (PlainSound jumping = sound(counted, new Counting())) {
      for (int i = 0; i < JUMPS; i++) {
        jumping.onSound(i % 2 * 1_000_000_000L, ByteBuffer.allocate(1));
      }
    }
    return taken[0];
  }

  private static SoundEncoding counting(SoundEncoding encoding, int[] taken) {
    return new SoundEncoding() {
      @Override
      public boolean encode(float[][] planes) {
        boolean isTaken = encoding.encode(planes);
        taken[0] += isTaken ? 1 : 0;
        return isTaken;
      }

      @Override
      public void close() {
        encoding.close();
      }
    };
  }
}
