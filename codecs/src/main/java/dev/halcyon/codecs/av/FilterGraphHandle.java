package dev.halcyon.codecs.av;

import static org.bytedeco.ffmpeg.global.avfilter.AV_BUFFERSRC_FLAG_KEEP_REF;
import static org.bytedeco.ffmpeg.global.avfilter.av_buffersink_get_frame;
import static org.bytedeco.ffmpeg.global.avfilter.av_buffersrc_add_frame_flags;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_alloc;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_config;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_free;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_get_filter;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_graph_parse_ptr;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EAGAIN;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import org.bytedeco.ffmpeg.avfilter.AVFilterContext;
import org.bytedeco.ffmpeg.avfilter.AVFilterGraph;
import org.bytedeco.ffmpeg.avfilter.AVFilterInOut;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Owns a configured {@code AVFilterGraph}: pictures in, pictures out; or sound in, sound out. One
 * platform thread; closed by who opened it.
 */
public final class FilterGraphHandle extends NativeHandle<AVFilterGraph> {
  private static final String SINK = "buffersink@out";
  private static final String SOUND_SINK = "abuffersink@out";

  private FilterGraphHandle(AVFilterGraph owned) {
    super(NativeMemory.Tag.FILTER, owned);
    owned.nb_threads(1);
  }

  /**
   * @param description in FFmpeg's language, ours throughout and never a caller's text; its sources
   *     are named {@code buffer@…}, its one end {@code buffersink@out}; with an {@code a} before
   *     them where it is sound
   * @throws HalcyonException UNSUPPORTED_MEDIA when this build of FFmpeg has not all of its filters
   */
  public static FilterGraphHandle open(String description) {
    FilterGraphHandle graph =
        new FilterGraphHandle(Av.checkNotNull(avfilter_graph_alloc(), "avfilter_graph_alloc"));
    try {
      int returned =
          avfilter_graph_parse_ptr(
              graph.pointer(), description, (AVFilterInOut) null, (AVFilterInOut) null, null);
      if (returned < 0) {
        throw new HalcyonException(
            ErrorCode.UNSUPPORTED_MEDIA, "no such filters [graph=" + description + "]");
      }
      Av.check(avfilter_graph_config(graph.pointer(), null), "avfilter_graph_config");
      return graph;
    } catch (RuntimeException failure) {
      graph.close();
      throw failure;
    }
  }

  /** A source of pictures for a description. */
  public static String source(String name, int pixelFormat, int widthPx, int heightPx) {
    return "buffer@"
        + name
        + "=video_size="
        + widthPx
        + "x"
        + heightPx
        + ":pix_fmt="
        + pixelFormat
        + ":time_base=1/1000000:pixel_aspect=1/1";
  }

  /**
   * Hands a picture, or a run of sound, in; it stays the caller's.
   *
   * @param name of the source, without {@code buffer@} or {@code abuffer@}
   */
  public void send(String name, AVFrame picture) {
    Av.check(
        av_buffersrc_add_frame_flags(
            filter("buffer@" + name, "abuffer@" + name), picture, AV_BUFFERSRC_FLAG_KEEP_REF),
        "av_buffersrc_add_frame_flags");
  }

  /** No picture follows from this source. */
  public void end(String name) {
    Av.check(
        av_buffersrc_add_frame_flags(filter("buffer@" + name, "abuffer@" + name), null, 0),
        "av_buffersrc_add_frame_flags");
  }

  /**
   * Takes the next picture.
   *
   * @return false when there is none before more is sent, or none at all any more
   */
  public boolean receive(FrameHandle picture) {
    picture.unref();
    int returned = av_buffersink_get_frame(filter(SINK, SOUND_SINK), picture.pointer());
    if (returned == AVERROR_EAGAIN() || returned == AVERROR_EOF()) {
      return false;
    }
    Av.check(returned, "av_buffersink_get_frame");
    return true;
  }

  private AVFilterContext filter(String name, String soundName) {
    AVFilterContext found = avfilter_graph_get_filter(pointer(), name);
    if (found == null) {
      found = avfilter_graph_get_filter(pointer(), soundName);
    }
    if (found == null) {
      throw new IllegalArgumentException("no such part of the graph [name=" + name + "]");
    }
    return found;
  }

  @Override
  protected void free(AVFilterGraph owned) {
    avfilter_graph_free(owned);
  }
}
