package dev.halcyon.codecs.render;

import static org.bytedeco.ffmpeg.global.avutil.AV_SAMPLE_FMT_FLTP;

import dev.halcyon.codecs.av.FilterGraphHandle;
import dev.halcyon.codecs.av.FrameHandle;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/** Takes steady noise out of sound, with FFmpeg's {@code afftdn}. One platform thread. */
final class Denoiser {
  private static final String NAME = "in";

  /** Up to 12 dB less noise, whose spectrum is followed as it changes. */
  private static final String CHAIN =
      "abuffer@"
          + NAME
          + "=sample_rate=48000:sample_fmt=fltp:channel_layout=stereo:time_base=1/48000,"
          + "afftdn=noise_reduction=12:noise_floor=-45:track_noise=1,"
          + "aformat=sample_fmts=fltp,abuffersink@out";

  /** How much later sound comes out: two of the filter's steps of an eightieth of a second. */
  private static final int DELAY = 2 * SoundScratch.RATE_HZ / 80;

  private Denoiser() {}

  /**
   * @param to as long as {@code from} afterwards
   */
  static void run(SoundScratch from, SoundScratch to, Stop stop) throws IOException {
    try (FilterGraphHandle graph = FilterGraphHandle.open(CHAIN);
        FrameHandle out = new FrameHandle()) {
      Denoised denoised = new Denoised(graph, out, from.samples(), to);
      from.each(
          (planes, count) -> {
            stop.check();
            denoised.add(planes, count);
          });
      denoised.add(new float[SoundScratch.CHANNELS][DELAY], DELAY);
      graph.end(NAME);
      denoised.drain();
      to.addSilence(Math.max(0, from.samples() - to.samples()));
    }
  }

  /** Sound on its way through the filter. */
  private static final class Denoised {
    private final FilterGraphHandle graph;
    private final FrameHandle out;
    private final long most;
    private final SoundScratch to;
    private long sent;
    private int early = DELAY;

    Denoised(FilterGraphHandle graph, FrameHandle out, long most, SoundScratch to) {
      this.graph = graph;
      this.out = out;
      this.most = most;
      this.to = to;
    }

    void add(float[][] planes, int count) throws IOException {
      try (FrameHandle in =
          FrameHandle.ofSamples(
              AV_SAMPLE_FMT_FLTP, SoundScratch.RATE_HZ, SoundScratch.CHANNELS, count)) {
        for (int channel = 0; channel < planes.length; channel++) {
          floats(in.pointer(), channel).put(0, planes[channel], 0, count);
        }
        in.pointer().pts(sent);
        sent += count;
        graph.send(NAME, in.pointer());
      }
      drain();
    }

    void drain() throws IOException {
      while (graph.receive(out)) {
        give();
      }
    }

    private void give() throws IOException {
      int count = out.pointer().nb_samples();
      float[][] planes = new float[SoundScratch.CHANNELS][count];
      for (int channel = 0; channel < planes.length; channel++) {
        floats(out.pointer(), channel).get(0, planes[channel]);
      }
      int skipped = Math.min(early, count);
      early -= skipped;
      to.add(planes, skipped, Math.clamp(most - to.samples(), 0, count - skipped));
    }
  }

  private static FloatBuffer floats(AVFrame sound, int channel) {
    return sound
        .extended_data(channel)
        .capacity((long) sound.nb_samples() * Float.BYTES)
        .asByteBuffer()
        .order(ByteOrder.nativeOrder())
        .asFloatBuffer();
  }
}
