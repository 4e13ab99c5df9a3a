package dev.halcyon.codecs.av;

import static org.bytedeco.ffmpeg.global.swscale.sws_alloc_context;
import static org.bytedeco.ffmpeg.global.swscale.sws_free_context;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale_frame;

import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.swscale.SwsContext;

/**
 * Owns an {@code SwsContext} that follows its input: size, pixel format and colour range are read
 * from each frame. One thread at a time; closed by who made it.
 */
public final class ScalerHandle extends NativeHandle<SwsContext> {
  /**
   * @param flags {@code SWS_…}
   */
  public ScalerHandle(int flags) {
    super(NativeMemory.Tag.SCALER, Av.checkNotNull(sws_alloc_context(), "sws_alloc_context"));
    pointer().flags(flags);
  }

  /**
   * Scales and converts into a frame with buffers of its own ({@link FrameHandle#ofPicture}).
   *
   * @param source borrowed for the call
   */
  public void scale(AVFrame source, FrameHandle target) {
    Av.check(sws_scale_frame(pointer(), target.pointer(), source), "sws_scale_frame");
  }

  @Override
  protected void free(SwsContext owned) {
    sws_free_context(owned);
  }
}
