package dev.halcyon.codecs.render;

import static org.bytedeco.ffmpeg.global.avutil.av_frame_move_ref;

import dev.halcyon.codecs.av.FilterGraphHandle;
import dev.halcyon.codecs.av.FrameHandle;
import dev.halcyon.core.media.Orientation;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Makes whole pictures of fields and turns pictures upright; passes on what is both already. One
 * platform thread; owns its filters; closed by who made it.
 */
final class UprightPictures implements AutoCloseable {
  private static final String NAME = "in";

  private final String filters;
  private final FrameHandle waiting = new FrameHandle();
  private FilterGraphHandle graph;
  private int widthPx;
  private int heightPx;
  private int pixelFormat;
  private boolean isWaiting;
  private boolean isEnded;

  UprightPictures(Orientation orientation, boolean isInterlaced) {
    List<String> parts = new ArrayList<>();
    if (isInterlaced) {
      parts.add("bwdif=mode=send_frame:deint=all");
    }
    parts.addAll(turns(orientation));
    filters = String.join(",", parts);
  }

  /** FFmpeg's {@code clock} is a quarter turn clockwise; mirroring comes first. */
  private static List<String> turns(Orientation orientation) {
    return switch (orientation) {
      case UPRIGHT -> List.of();
      case CLOCKWISE_90 -> List.of("transpose=clock");
      case UPSIDE_DOWN -> List.of("hflip", "vflip");
      case CLOCKWISE_270 -> List.of("transpose=cclock");
      case MIRRORED -> List.of("hflip");
      case MIRRORED_CLOCKWISE_90 -> List.of("hflip", "transpose=clock");
      case MIRRORED_UPSIDE_DOWN -> List.of("vflip");
      case MIRRORED_CLOCKWISE_270 -> List.of("hflip", "transpose=cclock");
    };
  }

  /**
   * @param picture with its pts; what it refers to is taken over. Receive until false before the
   *     next
   */
  void send(FrameHandle picture) {
    AVFrame frame = picture.pointer();
    if (filters.isEmpty()) {
      waiting.unref();
      av_frame_move_ref(waiting.pointer(), frame);
      isWaiting = true;
      return;
    }
    if (graph == null
        || frame.width() != widthPx
        || frame.height() != heightPx
        || frame.format() != pixelFormat) {
      open(frame);
    }
    graph.send(NAME, frame);
  }

  private void open(AVFrame frame) {
    restart();
    widthPx = frame.width();
    heightPx = frame.height();
    pixelFormat = frame.format();
    graph =
        FilterGraphHandle.open(
            FilterGraphHandle.source(NAME, pixelFormat, widthPx, heightPx)
                + ":colorspace="
                + frame.colorspace()
                + ":range="
                + frame.color_range()
                + ","
                + filters
                // Deinterlacers halve the time base.
                + ",settb=1/1000000"
                + ",buffersink@out");
  }

  /**
   * @return false when there is none before more is sent, or none at all any more
   */
  boolean receive(FrameHandle picture) {
    if (isWaiting) {
      picture.unref();
      av_frame_move_ref(picture.pointer(), waiting.pointer());
      isWaiting = false;
      return true;
    }
    return graph != null && graph.receive(picture);
  }

  /** No picture follows; receive what is still inside. */
  void end() {
    isEnded = true;
    if (graph != null) {
      graph.end(NAME);
    }
  }

  /** Whether {@link #end} was called: when nothing is received then, nothing will be. */
  boolean isEnded() {
    return isEnded;
  }

  /** Forgets what came before, as after a jump. */
  void restart() {
    isEnded = false;
    isWaiting = false;
    waiting.unref();
    if (graph != null) {
      graph.close();
      graph = null;
    }
  }

  @Override
  public void close() {
    restart();
    waiting.close();
  }
}
