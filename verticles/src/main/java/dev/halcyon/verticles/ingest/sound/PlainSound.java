package dev.halcyon.verticles.ingest.sound;

import dev.halcyon.core.media.AudioFormat;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Has a publisher's uncompressed sound encoded, on a protocol whose stamps are whole milliseconds:
 * they only say where the sound begins, and where it begins anew. One thread: the publication's.
 */
public final class PlainSound implements AutoCloseable {
  /** Stamps jitter by less; encoders that drop sound leave more out. */
  private static final long MAX_DRIFT_US = 100_000;

  private final PcmFormat format;
  private final SoundEncoding.Factory encodings;
  private final Sink sink;
  private Optional<SoundEncoding> encoding = Optional.empty();
  private long originUs;
  private long samples;
  private boolean isBehindSeam;

  /** Where encoded sound goes. Calls come later, on the thread of the calls to this. */
  public interface Sink {
    void onFormat(AudioFormat format);

    /**
     * @param packet valid during the call
     */
    void onPacket(long atUs, ByteBuffer packet);

    /** The next packet does not adjoin the one before it. */
    void onSeam();

    void onFailure(String reason);
  }

  public PlainSound(PcmFormat format, SoundEncoding.Factory encodings, Sink sink) {
    this.format = format;
    this.encodings = encodings;
    this.sink = sink;
  }

  public PcmFormat format() {
    return format;
  }

  /**
   * @param atUs of the first sample
   */
  public void onSound(long atUs, ByteBuffer data) {
    long expectedUs = originUs + samples * 1_000_000 / format.sampleRateHz();
    if (encoding.isEmpty() || Math.abs(atUs - expectedUs) > MAX_DRIFT_US) {
      beginAt(atUs);
    }
    float[][] planes = format.read(data);
    // What the encoder has no room for shows in the next stamp, as a step.
    if (planes[0].length > 0 && encoding.orElseThrow().encode(planes)) {
      samples += planes[0].length;
    }
  }

  private void beginAt(long atUs) {
    isBehindSeam = encoding.isPresent();
    close();
    originUs = atUs;
    samples = 0;
    encoding =
        Optional.of(encodings.open(format.sampleRateHz(), format.channels(), new From(atUs)));
  }

  @Override
  public void close() {
    encoding.ifPresent(SoundEncoding::close);
    encoding = Optional.empty();
  }

  /** Gives encoded packets the publisher's times again. */
  private final class From implements SoundEncoding.Sink {
    private final long fromUs;

    From(long fromUs) {
      this.fromUs = fromUs;
    }

    @Override
    public void onFormat(AudioFormat encoded) {
      sink.onFormat(encoded);
    }

    @Override
    public void onPacket(long atUs, ByteBuffer packet) {
      if (isBehindSeam) {
        isBehindSeam = false;
        sink.onSeam();
      }
      sink.onPacket(fromUs + atUs, packet);
    }

    @Override
    public void onFailure(String reason) {
      sink.onFailure(reason);
    }
  }
}
