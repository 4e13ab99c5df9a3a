package dev.halcyon.codecs.video;

import static org.bytedeco.ffmpeg.global.avutil.AVCOL_TRC_ARIB_STD_B67;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_TRC_SMPTE2084;

import dev.halcyon.codecs.av.FilterGraphHandle;
import dev.halcyon.codecs.av.FrameHandle;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Brings HDR pictures (PQ and HLG, BT.2020) to what an ordinary screen shows (BT.709): linear
 * light, the wide gamut brought into the narrow one, highlights rolled off instead of cut. Passes
 * all others on. One platform thread; owns its filters; closed by who made it.
 */
public final class ToneMap implements AutoCloseable {
  private static final String NAME = "in";

  /**
   * White of paper in HDR is 203 cd/m² (ITU-R BT.2408): it becomes 1.0 of linear light, and the
   * curve keeps it and what is darker nearly as it is. What is brighter loses colour as it gains
   * light: a clouded sky is else painted yellow.
   */
  private static final String CHAIN =
      "zscale=transfer=linear:npl=203,format=gbrpf32le,zscale=primaries=bt709,"
          + "tonemap=tonemap=mobius:param=0.3:desat=1:peak=10,"
          + "zscale=transfer=bt709:matrix=bt709:range=limited,format=yuv420p";

  private final FrameHandle mapped = new FrameHandle();
  private FilterGraphHandle graph;
  private int widthPx;
  private int heightPx;
  private int transfer;

  /** Whether a picture says that it is one of those. */
  public static boolean isHdr(AVFrame picture) {
    return picture.color_trc() == AVCOL_TRC_SMPTE2084
        || picture.color_trc() == AVCOL_TRC_ARIB_STD_B67;
  }

  /** The result is lent until the next call. */
  public FrameHandle toSdr(FrameHandle picture) {
    AVFrame frame = picture.pointer();
    if (!isHdr(frame)) {
      return picture;
    }
    if (graph == null
        || frame.width() != widthPx
        || frame.height() != heightPx
        || frame.color_trc() != transfer) {
      open(frame);
    }
    frame.pts(0);
    graph.send(NAME, frame);
    if (!graph.receive(mapped)) {
      throw new HalcyonException(ErrorCode.INTERNAL, "the tone map gave no picture");
    }
    return mapped;
  }

  private void open(AVFrame frame) {
    if (graph != null) {
      graph.close();
      graph = null;
    }
    widthPx = frame.width();
    heightPx = frame.height();
    transfer = frame.color_trc();
    graph =
        FilterGraphHandle.open(
            FilterGraphHandle.source(NAME, frame.format(), widthPx, heightPx)
                + ":colorspace="
                + frame.colorspace()
                + ":range="
                + frame.color_range()
                + ","
                + CHAIN
                + ",buffersink@out");
  }

  @Override
  public void close() {
    if (graph != null) {
      graph.close();
    }
    mapped.close();
  }
}
