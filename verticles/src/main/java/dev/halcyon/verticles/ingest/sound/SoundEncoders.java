package dev.halcyon.verticles.ingest.sound;

import dev.halcyon.codecs.mux.EncodedUnit;
import dev.halcyon.codecs.mux.LiveAac;
import dev.halcyon.core.error.HalcyonException;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Encodes publishers' sound as AAC on threads of its own, shared by all. The node opens and closes
 * it, after the publishers.
 */
public final class SoundEncoders implements SoundEncoding.Factory, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(SoundEncoders.class);
  private static final long STOP_LIMIT_S = 5;

  /**
   * Of each channel. A publisher that was held up sends seconds at once; they are encoded many
   * times faster than they are heard. 2 MiB in stereo: 32 s of telephone sound, 5 s at 48 kHz.
   */
  private static final int MAX_WAITING_SAMPLES = 1 << 18;

  /** What a block counts for at least: blocks cost memory, too. */
  private static final int MIN_BLOCK_SAMPLES = 64;

  /** Of one track: those that end while the next one begins. Each holds native memory. */
  private static final int MAX_OPEN = 4;

  private final ExecutorService threads;
  private final Supplier<Executor> home;

  /**
   * @param home of the calling thread: what is given to it runs on that thread, later
   */
  public SoundEncoders(int threadCount, Supplier<Executor> home) {
    this.home = home;
    this.threads =
        Executors.newFixedThreadPool(
            threadCount, Thread.ofPlatform().daemon().name("sound-encoder-", 0).factory());
  }

  @Override
  public SoundEncoding open(int sampleRateHz, int channels, SoundEncoding.Sink sink) {
    return forTrack().open(sampleRateHz, channels, sink);
  }

  @Override
  public SoundEncoding.Factory forTrack() {
    return new OfTrack();
  }

  @Override
  public void close() {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(STOP_LIMIT_S, TimeUnit.SECONDS)) {
        log.warn("sound encoders did not stop in time");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Opens encodings of one track and counts what they hold until the threads are done with it. */
  private final class OfTrack implements SoundEncoding.Factory {
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger waitingSamples = new AtomicInteger();

    /** A track that steps to and fro faster than encoders open has no sound meanwhile. */
    @Override
    public SoundEncoding open(int sampleRateHz, int channels, SoundEncoding.Sink sink) {
      if (open.incrementAndGet() > MAX_OPEN) {
        open.decrementAndGet();
        return new Deaf();
      }
      return new Encoding(sampleRateHz, channels, sink, home.get(), this);
    }
  }

  /** Takes nothing. */
  private static final class Deaf implements SoundEncoding {
    @Override
    public boolean encode(float[][] planes) {
      return false;
    }

    @Override
    public void close() {}
  }

  /** One track's; at most one task of it is on the threads, so that its sound stays in order. */
  private final class Encoding implements SoundEncoding, Runnable {
    private static final float[][] END = new float[0][0];

    private final int sampleRateHz;
    private final int channels;
    private final Sink sink;
    private final Executor caller;
    private final LinkedBlockingQueue<float[][]> waiting = new LinkedBlockingQueue<>();
    private final OfTrack track;

    /** Blocks that wait or are being encoded; the task runs while there are any. */
    private final AtomicInteger due = new AtomicInteger();

    /** The caller's thread only. */
    private boolean isClosed;

    /** The task's only. */
    private LiveAac encoder;

    private boolean hasFailed;

    Encoding(int sampleRateHz, int channels, Sink sink, Executor caller, OfTrack track) {
      this.track = track;
      this.sampleRateHz = sampleRateHz;
      this.channels = channels;
      this.sink = sink;
      this.caller = caller;
    }

    @Override
    public boolean encode(float[][] planes) {
      if (isClosed || track.waitingSamples.get() > MAX_WAITING_SAMPLES) {
        return false;
      }
      track.waitingSamples.addAndGet(weight(planes));
      put(planes);
      return true;
    }

    private static int weight(float[][] planes) {
      return Math.max(MIN_BLOCK_SAMPLES, planes[0].length);
    }

    private void put(float[][] planes) {
      waiting.add(planes);
      if (due.getAndIncrement() == 0) {
        threads.execute(this);
      }
    }

    @Override
    public void close() {
      if (!isClosed) {
        isClosed = true;
        put(END);
      }
    }

    @Override
    public void run() {
      do {
        float[][] planes = Objects.requireNonNull(waiting.poll());
        if (planes == END) {
          closeEncoder();
          track.open.decrementAndGet();
        } else {
          track.waitingSamples.addAndGet(-weight(planes));
          tryEncode(planes);
        }
      } while (due.decrementAndGet() > 0);
    }

    private void tryEncode(float[][] planes) {
      if (hasFailed) {
        return;
      }
      try {
        if (encoder == null) {
          encoder = new LiveAac(sampleRateHz, channels);
          var format = encoder.format();
          tell(() -> sink.onFormat(format));
        }
        encoder.encode(planes, this::hand);
      } catch (HalcyonException failure) {
        hasFailed = true;
        closeEncoder();
        tell(() -> sink.onFailure(failure.getMessage()));
      }
    }

    /** What the encoder puts before the first sample is of no use to a live stream. */
    private void hand(EncodedUnit unit) {
      if (unit.pts() >= 0) {
        long atUs = unit.pts() * 1_000_000 / encoder.format().sampleRateHz();
        tell(() -> sink.onPacket(atUs, unit.payload().asBuffer()));
      }
    }

    private void tell(Runnable what) {
      caller.execute(
          () -> {
            if (!isClosed) {
              what.run();
            }
          });
    }

    private void closeEncoder() {
      if (encoder != null) {
        encoder.close();
        encoder = null;
      }
    }
  }
}
