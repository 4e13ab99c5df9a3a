package dev.halcyon.codecs.av;

import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_default;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_make_writable;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_ref;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;
import static org.bytedeco.ffmpeg.global.avutil.av_image_get_buffer_size;
import static org.bytedeco.ffmpeg.global.avutil.av_samples_get_buffer_size;

import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.IntPointer;

/** Owns an {@code AVFrame} and what it refers to. One thread at a time; closed by who made it. */
public final class FrameHandle extends NativeHandle<AVFrame> {
  /** An empty frame, for a decoder, filter or scaler to fill. */
  public FrameHandle() {
    super(NativeMemory.Tag.FRAME, Av.checkNotNull(av_frame_alloc(), "av_frame_alloc"));
  }

  /**
   * A picture with its own, uninitialised buffers.
   *
   * @param pixelFormat {@code AV_PIX_FMT_…}
   */
  public static FrameHandle ofPicture(int pixelFormat, int widthPx, int heightPx) {
    FrameHandle frame = new FrameHandle();
    try {
      frame.pointer().format(pixelFormat).width(widthPx).height(heightPx);
      Av.check(av_frame_get_buffer(frame.pointer(), 0), "av_frame_get_buffer");
      frame.holdBytes(
          Av.check(
              av_image_get_buffer_size(pixelFormat, widthPx, heightPx, 1),
              "av_image_get_buffer_size"));
      return frame;
    } catch (RuntimeException failure) {
      frame.close();
      throw failure;
    }
  }

  /**
   * Sound with its own, uninitialised buffers, in FFmpeg's default layout for so many channels.
   *
   * @param sampleFormat {@code AV_SAMPLE_FMT_…}
   * @param samples a channel
   */
  public static FrameHandle ofSamples(
      int sampleFormat, int sampleRateHz, int channels, int samples) {
    FrameHandle frame = new FrameHandle();
    try {
      frame.pointer().format(sampleFormat).sample_rate(sampleRateHz).nb_samples(samples);
      av_channel_layout_default(frame.pointer().ch_layout(), channels);
      Av.check(av_frame_get_buffer(frame.pointer(), 0), "av_frame_get_buffer");
      frame.holdBytes(
          Av.check(
              av_samples_get_buffer_size((IntPointer) null, channels, samples, sampleFormat, 1),
              "av_samples_get_buffer_size"));
      return frame;
    } catch (RuntimeException failure) {
      frame.close();
      throw failure;
    }
  }

  /**
   * Makes the buffers ours alone before they are written again (an encoder may still read them).
   */
  public void makeWritable() {
    Av.check(av_frame_make_writable(pointer()), "av_frame_make_writable");
  }

  /**
   * Refers to the buffers of another frame instead of what was referred to before; nothing is
   * copied but the frame's own fields.
   *
   * @param other borrowed for the call
   */
  public void refer(AVFrame other) {
    unref();
    Av.check(av_frame_ref(pointer(), other), "av_frame_ref");
  }

  /** Gives up what the frame refers to. */
  public void unref() {
    av_frame_unref(pointer());
    holdBytes(0);
  }

  @Override
  protected void free(AVFrame owned) {
    av_frame_free(owned);
  }
}
