package dev.halcyon.codecs.render;

import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_FLTP;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_default;
import static org.bytedeco.ffmpeg.global.swresample.swr_convert_frame;
import static org.bytedeco.ffmpeg.global.swresample.swr_get_delay;

import dev.halcyon.codecs.av.Av;
import dev.halcyon.codecs.av.FrameHandle;
import dev.halcyon.codecs.av.ResamplerHandle;
import dev.halcyon.codecs.av.ResamplerHandle.Side;
import java.io.IOException;
import java.nio.ByteOrder;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Puts decoded sound where its time stamps say, in two channels at 48,000 Hz: a clock of samples
 * that is set anew only when it is off by more than stamps jitter. What is missing is silence, what
 * comes twice is left out. One platform thread; owns its resampler; closed by who made it.
 */
final class SoundPlacer implements AutoCloseable {
  /** Time stamps in milliseconds, and packets that were lost, jitter by less. */
  private static final long MAX_JITTER_US = 20_000;

  private final long fromUs;
  private final long endSample;
  private final SoundScratch target;
  private ResamplerHandle resampler;
  private Side side;

  /** Where in the target sample number 0 of this part lies. */
  private final long base;

  /** Where the next converted sample belongs, counted from {@link #base}; may be before it. */
  private long place;

  private boolean isPlaced;

  /** Source samples handed over since the clock was set, and when that was. */
  private long sinceSamples;

  private long setUs;

  /**
   * @param fromUs media time at which the target goes on now
   * @param endSample of the target, to which it is filled
   */
  SoundPlacer(long fromUs, long endSample, SoundScratch target) {
    this.fromUs = fromUs;
    this.endSample = endSample;
    this.target = target;
    this.base = target.samples();
  }

  boolean isFull() {
    return target.samples() >= endSample;
  }

  /**
   * @param frame lent for the call; its layout is not kept
   * @param atUs media time of its first sample; {@code AV_NOPTS_VALUE} when it just follows
   */
  void add(AVFrame frame, long atUs) throws IOException {
    Side here = new Side(frame.format(), frame.sample_rate(), frame.ch_layout().nb_channels());
    if (here.sampleRateHz() < 1 || here.channels() < 1) {
      return;
    }
    boolean isSame = here.equals(side);
    long expectedUs = isSame ? setUs + sinceSamples * 1_000_000L / here.sampleRateHz() : 0;
    boolean isTold = atUs != AV_NOPTS_VALUE;
    if (!isSame || (isTold && Math.abs(atUs - expectedUs) > MAX_JITTER_US)) {
      if (!isTold && !isPlaced) {
        return;
      }
      restart(here, isTold ? atUs : fromUs + place * 1_000_000L / SoundScratch.RATE_HZ);
    }
    // The resampler was opened for the usual layout of so many channels.
    av_channel_layout_default(frame.ch_layout(), here.channels());
    convert(frame);
    sinceSamples += frame.nb_samples();
  }

  private void restart(Side here, long atUs) throws IOException {
    drain();
    close(resampler);
    resampler = ResamplerHandle.open(here, new Side(AV_SAMPLE_FMT_FLTP, SoundScratch.RATE_HZ, 2));
    side = here;
    setUs = atUs;
    sinceSamples = 0;
    isPlaced = true;
    place = SourceSound.samples(atUs) - SourceSound.samples(fromUs);
    long gap = Math.min(base + place, endSample) - target.samples();
    if (gap > 0) {
      target.addSilence(gap);
    }
  }

  /** Takes what the resampler still holds. */
  void finish() throws IOException {
    drain();
    target.addSilence(Math.max(0, endSample - target.samples()));
  }

  private void drain() throws IOException {
    if (resampler != null) {
      convert(null);
    }
  }

  private void convert(AVFrame frame) throws IOException {
    long rate = side.sampleRateHz();
    long expected =
        swr_get_delay(resampler.pointer(), SoundScratch.RATE_HZ)
            + (frame == null ? 0 : frame.nb_samples() * (long) SoundScratch.RATE_HZ / rate)
            + 32;
    try (FrameHandle out =
        FrameHandle.ofSamples(
            AV_SAMPLE_FMT_FLTP, SoundScratch.RATE_HZ, SoundScratch.CHANNELS, (int) expected)) {
      Av.check(swr_convert_frame(resampler.pointer(), out.pointer(), frame), "swr_convert_frame");
      write(out.pointer());
    }
  }

  /** What lies before the part, or before what is there already, is left out. */
  private void write(AVFrame sound) throws IOException {
    int count = sound.nb_samples();
    float[][] planes = new float[SoundScratch.CHANNELS][count];
    for (int channel = 0; channel < planes.length; channel++) {
      sound
          .extended_data(channel)
          .capacity((long) count * Float.BYTES)
          .asByteBuffer()
          .order(ByteOrder.nativeOrder())
          .asFloatBuffer()
          .get(planes[channel]);
      sanitize(planes[channel]);
    }
    int skipped = Math.clamp(target.samples() - (base + place), 0, count);
    int wanted = Math.clamp(endSample - target.samples(), 0, count - skipped);
    target.add(planes, skipped, wanted);
    place += count;
  }

  /** Damage may decode to what is no number; full scale plus 24 dB is damage as well. */
  private static void sanitize(float[] plane) {
    for (int i = 0; i < plane.length; i++) {
      plane[i] = Math.abs(plane[i]) <= 16 ? plane[i] : 0;
    }
  }

  private static void close(ResamplerHandle open) {
    if (open != null) {
      open.close();
    }
  }

  @Override
  public void close() {
    close(resampler);
  }
}
