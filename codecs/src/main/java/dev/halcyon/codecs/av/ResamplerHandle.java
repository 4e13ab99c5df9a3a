package dev.halcyon.codecs.av;

import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_default;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_uninit;
import static org.bytedeco.ffmpeg.global.avutil.av_opt_set_double;
import static org.bytedeco.ffmpeg.global.swresample.swr_alloc_set_opts2;
import static org.bytedeco.ffmpeg.global.swresample.swr_free;
import static org.bytedeco.ffmpeg.global.swresample.swr_init;

import org.bytedeco.ffmpeg.avutil.AVChannelLayout;
import org.bytedeco.ffmpeg.swresample.SwrContext;

/** Owns an open {@code SwrContext}. One thread at a time; closed by who made it. */
public final class ResamplerHandle extends NativeHandle<SwrContext> {
  /** One side of a conversion; the layout is FFmpeg's default for so many channels. */
  public record Side(int sampleFormat, int sampleRateHz, int channels) {}

  private ResamplerHandle(SwrContext owned) {
    super(NativeMemory.Tag.RESAMPLER, owned);
  }

  /** Opens a conversion. Mixing channels together never makes the sound louder than full scale. */
  public static ResamplerHandle open(Side from, Side to) {
    SwrContext context = new SwrContext(null);
    try (AVChannelLayout fromLayout = new AVChannelLayout();
        AVChannelLayout toLayout = new AVChannelLayout()) {
      av_channel_layout_default(fromLayout, from.channels());
      av_channel_layout_default(toLayout, to.channels());
      int returned =
          swr_alloc_set_opts2(
              context,
              toLayout,
              to.sampleFormat(),
              to.sampleRateHz(),
              fromLayout,
              from.sampleFormat(),
              from.sampleRateHz(),
              0,
              null);
      av_channel_layout_uninit(fromLayout);
      av_channel_layout_uninit(toLayout);
      Av.check(returned, "swr_alloc_set_opts2");
    }
    ResamplerHandle handle = new ResamplerHandle(context);
    try {
      Av.check(av_opt_set_double(context, "rematrix_maxval", 1.0, 0), "av_opt_set_double");
      Av.check(swr_init(context), "swr_init");
      return handle;
    } catch (RuntimeException failure) {
      handle.close();
      throw failure;
    }
  }

  @Override
  protected void free(SwrContext owned) {
    swr_free(owned);
  }
}
