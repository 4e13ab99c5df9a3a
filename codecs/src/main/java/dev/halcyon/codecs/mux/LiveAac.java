package dev.halcyon.codecs.mux;

import dev.halcyon.codecs.audio.Upsampler;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Codec;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Encodes a live sound of one or two channels as AAC, at a rate high enough that a packet is short:
 * telephone sound at 8 kHz would else wait an eighth of a second for each. One platform thread;
 * closed by who made it.
 */
public final class LiveAac implements AutoCloseable {
  private static final int BITRATE_BPS = 64_000;

  private final AudioEncoder encoder;
  private final List<Upsampler> upsamplers = new ArrayList<>();
  private final float[][] frame;
  private int filled;
  private long encodedSamples;

  /**
   * @throws HalcyonException UNSUPPORTED_MEDIA when AAC has no such rate
   */
  public LiveAac(int sampleRateHz, int channels) {
    int factor = factor(sampleRateHz);
    for (int channel = 0; channel < channels; channel++) {
      upsamplers.add(new Upsampler(factor));
    }
    encoder =
        new AudioEncoder(
            new AudioEncoder.Settings(
                Codec.AAC, sampleRateHz * factor, channels, BITRATE_BPS * channels));
    frame = new float[channels][encoder.frameSamples()];
  }

  private static int factor(int sampleRateHz) {
    return switch (sampleRateHz) {
      case 8_000, 12_000, 16_000, 24_000 -> 48_000 / sampleRateHz;
      case 11_025, 22_050 -> 44_100 / sampleRateHz;
      case 32_000, 44_100, 48_000, 64_000, 88_200, 96_000 -> 1;
      default ->
          throw new HalcyonException(
              ErrorCode.UNSUPPORTED_MEDIA,
              "sound at " + sampleRateHz + " Hz is not supported; send 8,000 or 48,000");
    };
  }

  /** What comes out; its rate is what the units' times count. */
  public AudioFormat format() {
    return encoder.format();
  }

  /**
   * @param planes −1 to 1, a plane a channel, following those before
   * @param sink takes what is ready; times in samples since the first one given
   */
  public void encode(float[][] planes, Consumer<EncodedUnit> sink) {
    float[][] raised = new float[planes.length][];
    for (int channel = 0; channel < planes.length; channel++) {
      raised[channel] = upsamplers.get(channel).process(planes[channel]);
    }
    int taken = 0;
    while (taken < raised[0].length) {
      int now = Math.min(raised[0].length - taken, frame[0].length - filled);
      for (int channel = 0; channel < frame.length; channel++) {
        System.arraycopy(raised[channel], taken, frame[channel], filled, now);
      }
      taken += now;
      filled += now;
      if (filled == frame[0].length) {
        encoder.encode(frame, encodedSamples, sink);
        encodedSamples += filled;
        filled = 0;
      }
    }
  }

  @Override
  public void close() {
    encoder.close();
  }
}
