package dev.halcyon.codecs.audio;

import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_FLTP;
import static org.bytedeco.ffmpeg.global.swresample.swr_convert;
import static org.bytedeco.ffmpeg.global.swresample.swr_get_delay;
import static org.bytedeco.ffmpeg.global.swresample.swr_get_out_samples;

import dev.halcyon.codecs.av.Av;
import dev.halcyon.codecs.av.FrameHandle;
import dev.halcyon.codecs.av.ResamplerHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.function.Consumer;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.swresample.SwrContext;
import org.bytedeco.javacpp.PointerPointer;

/**
 * Brings sound to 16 kHz mono, as speech models take it. Used on one platform thread; owns its
 * native objects; closed by who made it.
 */
public final class Resampler16k implements AutoCloseable {
  public static final int RATE_HZ = 16_000;

  private final int sampleRateHz;
  private final int channels;
  private final ResamplerHandle resampler;
  private FrameHandle in;
  private FrameHandle out;
  private float[] samples = new float[0];

  public Resampler16k(int sampleRateHz, int channels) {
    this.sampleRateHz = sampleRateHz;
    this.channels = channels;
    resampler =
        ResamplerHandle.open(
            new ResamplerHandle.Side(AV_SAMPLE_FMT_FLTP, sampleRateHz, channels),
            new ResamplerHandle.Side(AV_SAMPLE_FMT_FLTP, RATE_HZ, 1));
  }

  /**
   * Resamples a run of sound of the rate and channels stated at construction.
   *
   * @param sink takes at most one block of 16 kHz mono, lent for the call; its time accounts for
   *     what the filter still holds back
   */
  public void add(AudioBlock block, Consumer<AudioBlock> sink) {
    if (block.sampleRateHz() != sampleRateHz || block.channels() != channels) {
      throw new IllegalArgumentException(
          "another format [rate=" + block.sampleRateHz() + ", channels=" + block.channels() + "]");
    }
    SwrContext context = resampler.pointer();
    long ptsUs = block.ptsUs() - swr_get_delay(context, 1_000_000);
    int room = Av.check(swr_get_out_samples(context, block.samples()), "swr_get_out_samples");
    in = grown(in, sampleRateHz, channels, block.samples());
    out = grown(out, RATE_HZ, 1, room);
    for (int channel = 0; channel < channels; channel++) {
      floats(in.pointer(), channel, block.samples())
          .put(block.planes()[channel], 0, block.samples());
    }
    int given =
        Av.check(
            swr_convert(
                context,
                new PointerPointer<>(out.pointer().extended_data()),
                room,
                new PointerPointer<>(in.pointer().extended_data()),
                block.samples()),
            "swr_convert");
    if (given > 0) {
      if (samples.length < given) {
        samples = new float[given];
      }
      floats(out.pointer(), 0, given).get(samples, 0, given);
      sink.accept(new AudioBlock(ptsUs, RATE_HZ, Speaker.MONO, new float[][] {samples}, given));
    }
  }

  private static FrameHandle grown(FrameHandle held, int rateHz, int channels, int samples) {
    if (held != null && held.pointer().nb_samples() >= samples) {
      return held;
    }
    FrameHandle larger =
        FrameHandle.ofSamples(AV_SAMPLE_FMT_FLTP, rateHz, channels, Math.max(1_024, samples));
    if (held != null) {
      held.close();
    }
    return larger;
  }

  private static FloatBuffer floats(AVFrame frame, int plane, int values) {
    ByteBuffer bytes =
        frame.extended_data(plane).capacity((long) values * Float.BYTES).asByteBuffer();
    return bytes.order(ByteOrder.nativeOrder()).asFloatBuffer();
  }

  @Override
  public void close() {
    if (in != null) {
      in.close();
    }
    if (out != null) {
      out.close();
    }
    resampler.close();
  }
}
