package dev.halcyon.codecs.render;

import static org.bytedeco.ffmpeg.global.avutil.AVCOL_PRI_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_MPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_UNSPECIFIED;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_SMPTE170M;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_UNSPECIFIED;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_TRC_ARIB_STD_B67;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_TRC_SMPTE2084;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P10LE;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ420P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ422P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ444P;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_apply_cropping;
import static org.bytedeco.ffmpeg.global.swscale.SWS_ACCURATE_RND;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BICUBIC;
import static org.bytedeco.ffmpeg.global.swscale.SWS_BITEXACT;

import dev.halcyon.codecs.av.Av;
import dev.halcyon.codecs.av.FrameHandle;
import dev.halcyon.codecs.av.ScalerHandle;
import dev.halcyon.core.reframe.CropRect;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Scales one rectangle of the source into one rectangle of the target, with BT.709 colours. The
 * rectangle may lie anywhere between pixels: a window of whole pixels around it is scaled, and the
 * part that is wanted copied out of it. One platform thread; owns its native objects; closed by who
 * made it.
 */
final class RegionScaler implements AutoCloseable {
  /** The same bits on every processor. */
  private static final int FLAGS = SWS_BICUBIC | SWS_ACCURATE_RND | SWS_BITEXACT;

  /** {@code AV_FRAME_CROP_UNALIGNED}: exact, also where the processor would like it otherwise. */
  private static final int CROP_UNALIGNED = 1;

  /** From here on pictures that do not say their matrix are HDTV's. */
  private static final int HD_HEIGHT_PX = 720;

  /** Pixels around the rectangle that the scaler looks at, and room for whole and even numbers. */
  private static final int MARGIN_PX = 4;

  private final ScalerHandle scaler = new ScalerHandle(FLAGS);
  private final FrameHandle window = new FrameHandle();
  private final ShiftedCopy copy = new ShiftedCopy();
  private final ToneMap toneMap = new ToneMap();
  private FrameHandle scaled;

  /**
   * Where a region goes; all even.
   *
   * @param x of the target
   */
  record Place(int x, int y, int widthPx, int heightPx) {}

  /**
   * @param source upright; lent for the call
   * @param isStill the camera does not move: it is put where nothing has to be resampled twice
   * @param target 4:2:0, written in {@code place}
   */
  void draw(AVFrame source, CropRect rect, boolean isStill, FrameHandle target, Place place) {
    Axis across = Axis.of(rect.x(), rect.width(), source.width(), place.widthPx(), isStill);
    Axis down = Axis.of(rect.y(), rect.height(), source.height(), place.heightPx(), isStill);
    scale(source, across, down);
    copy.copy(
        toneMap.toSdr(scaled).pointer(),
        across.offset(),
        down.offset(),
        target.pointer(),
        place.x(),
        place.y(),
        place.widthPx(),
        place.heightPx());
  }

  private void scale(AVFrame source, Axis across, Axis down) {
    window.refer(source);
    AVFrame cut = window.pointer();
    tellColours(cut);
    cut.crop_left(across.from());
    cut.crop_right(source.width() - across.from() - across.length());
    cut.crop_top(down.from());
    cut.crop_bottom(source.height() - down.from() - down.length());
    Av.check(av_frame_apply_cropping(cut, CROP_UNALIGNED), "av_frame_apply_cropping");
    fit(across.scaled(), down.scaled(), isHdr(cut));
    AVFrame to = scaled.pointer();
    // Light and gamut stay as they are here: libswscale 9 would map HDR in its own way.
    to.color_primaries(cut.color_primaries()).color_trc(cut.color_trc());
    to.colorspace(isHdr(cut) ? cut.colorspace() : AVCOL_SPC_BT709).color_range(AVCOL_RANGE_MPEG);
    scaler.scale(cut, scaled);
    window.unref();
    if (!isHdr(to)) {
      to.color_primaries(AVCOL_PRI_BT709);
    }
  }

  /** What is not said is what players take it for; libswscale would take all for SDTV's. */
  private static void tellColours(AVFrame picture) {
    if (picture.colorspace() == AVCOL_SPC_UNSPECIFIED) {
      picture.colorspace(
          Math.max(picture.width(), picture.height()) >= HD_HEIGHT_PX * 16 / 9
                  || Math.min(picture.width(), picture.height()) >= HD_HEIGHT_PX
              ? AVCOL_SPC_BT709
              : AVCOL_SPC_SMPTE170M);
    }
    if (picture.color_range() == AVCOL_RANGE_UNSPECIFIED) {
      boolean isFull =
          switch (picture.format()) {
            case AV_PIX_FMT_YUVJ420P, AV_PIX_FMT_YUVJ422P, AV_PIX_FMT_YUVJ444P -> true;
            default -> false;
          };
      picture.color_range(isFull ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG);
    }
  }

  static boolean isHdr(AVFrame picture) {
    return picture.color_trc() == AVCOL_TRC_SMPTE2084
        || picture.color_trc() == AVCOL_TRC_ARIB_STD_B67;
  }

  private void fit(int widthPx, int heightPx, boolean isHdr) {
    int format = isHdr ? AV_PIX_FMT_YUV420P10LE : AV_PIX_FMT_YUV420P;
    if (scaled != null
        && scaled.pointer().width() == widthPx
        && scaled.pointer().height() == heightPx
        && scaled.pointer().format() == format) {
      scaled.makeWritable();
      return;
    }
    if (scaled != null) {
      scaled.close();
    }
    scaled = FrameHandle.ofPicture(format, widthPx, heightPx);
  }

  /**
   * One direction of the window.
   *
   * @param from first pixel of the source, even
   * @param length pixels of the source
   * @param scaled pixels that they become
   * @param offset where the wanted part begins in those
   */
  private record Axis(int from, int length, int scaled, double offset) {
    static Axis of(double start, double part, int sourcePx, int targetPx, boolean isStill) {
      double wantedPx = part * sourcePx;
      double startPx = start * sourcePx;
      int margin = MARGIN_PX + 2 * (int) Math.ceil(Math.max(1, wantedPx / targetPx));
      int length = (int) Math.min(sourcePx, 2 * (long) Math.ceil((wantedPx + 2 * margin) / 2));
      if (part >= 1) {
        length = sourcePx;
      }
      int last = (sourcePx - length) / 2 * 2;
      int from = Math.clamp((long) Math.floor((startPx - margin) / 2) * 2, 0, last);
      // Even, as whoever converts 4:2:0 wants it.
      int scaled = Math.max(targetPx, 2 * (int) Math.rint(length * (targetPx / wantedPx) / 2));
      double offset = (startPx - from) * scaled / length;
      // Whole, and even for the colours, which have half the pixels.
      offset = isStill ? 2 * Math.rint(offset / 2) : offset;
      int most = scaled - targetPx;
      return new Axis(from, length, scaled, Math.clamp(offset, 0, isStill ? most / 2 * 2 : most));
    }
  }

  @Override
  public void close() {
    if (scaled != null) {
      scaled.close();
    }
    toneMap.close();
    window.close();
    scaler.close();
  }
}
