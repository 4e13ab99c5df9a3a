package dev.halcyon.codecs.render;

import static org.bytedeco.ffmpeg.global.avutil.AVCOL_PRI_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_JPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_MPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_UNSPECIFIED;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_SMPTE170M;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_UNSPECIFIED;
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
import dev.halcyon.codecs.video.ToneMap;
import dev.halcyon.core.reframe.CropRect;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Scales one rectangle of the source to a size, with BT.709 colours. The rectangle may lie anywhere
 * between pixels: of a window of whole pixels around it, which is scaled, the wanted part is shown;
 * where that lies on none of its pixels, a copy from between them. One platform thread; owns its
 * native objects; closed by who made it.
 */
final class RegionScaler implements AutoCloseable {
  /** The same bits on every processor. */
  private static final int FLAGS = SWS_BICUBIC | SWS_ACCURATE_RND | SWS_BITEXACT;

  /** {@code AV_FRAME_CROP_UNALIGNED}: exact, also where the processor would like it otherwise. */
  private static final int CROP_UNALIGNED = 1;

  /** From here on pictures that do not say their matrix are HDTV's. */
  private static final int HD_HEIGHT_PX = 720;

  private final ScalerHandle scaler = new ScalerHandle(FLAGS);
  private final FrameHandle window = new FrameHandle();
  private final FrameHandle wanted = new FrameHandle();
  private final ShiftedCopy copy = new ShiftedCopy();
  private final ToneMap toneMap = new ToneMap();
  private FrameHandle scaled;
  private FrameHandle between;
  private WindowAxis.Shape acrossShape;
  private WindowAxis.Shape downShape;

  /**
   * Where a region goes; all even.
   *
   * @param x of the target
   */
  record Place(int x, int y, int widthPx, int heightPx) {}

  /**
   * @param source upright; lent for the call
   * @param isStill the camera does not move: it is put on whole pixels
   * @param target 4:2:0, written in {@code place}
   */
  void draw(AVFrame source, CropRect rect, boolean isStill, FrameHandle target, Place place) {
    AVFrame region = region(source, rect, isStill, place.widthPx(), place.heightPx()).pointer();
    Planes.copy(region, target.pointer(), place.x(), place.y());
  }

  /**
   * The rectangle in a size; lent until the next call, and may be written until then.
   *
   * @param source upright; lent for the call
   * @param isStill the camera does not move: it is put on whole pixels
   */
  FrameHandle region(AVFrame source, CropRect rect, boolean isStill, int widthPx, int heightPx) {
    wanted.unref();
    WindowAxis across;
    WindowAxis down;
    if (isStill) {
      across = WindowAxis.still(rect.x(), rect.width(), source.width(), widthPx);
      down = WindowAxis.still(rect.y(), rect.height(), source.height(), heightPx);
    } else {
      acrossShape = shape(acrossShape, rect.width(), source.width(), widthPx);
      downShape = shape(downShape, rect.height(), source.height(), heightPx);
      across = WindowAxis.moving(rect.x(), rect.width(), source.width(), acrossShape);
      down = WindowAxis.moving(rect.y(), rect.height(), source.height(), downShape);
    }
    scale(source, across, down);
    AVFrame whole = toneMap.toSdr(scaled).pointer();
    if (across.isWhole() && down.isWhole()) {
      wanted.refer(whole);
      crop(wanted.pointer(), (int) across.offset(), (int) down.offset(), widthPx, heightPx);
      return wanted;
    }
    between = fitted(between, AV_PIX_FMT_YUV420P, widthPx, heightPx);
    copy.copy(whole, across.offset(), down.offset(), between.pointer(), 0, 0, widthPx, heightPx);
    return between;
  }

  private static WindowAxis.Shape shape(
      WindowAxis.Shape last, double part, int sourcePx, int targetPx) {
    boolean isSame =
        last != null
            && last.wantedPx() == part * sourcePx
            && last.sourcePx() == sourcePx
            && last.targetPx() == targetPx;
    return isSame ? last : WindowAxis.Shape.of(Math.min(1, part), sourcePx, targetPx);
  }

  /** Has a picture show a part of itself; nothing is copied. */
  private static void crop(AVFrame picture, int x, int y, int widthPx, int heightPx) {
    picture.crop_left(x).crop_right(picture.width() - x - widthPx);
    picture.crop_top(y).crop_bottom(picture.height() - y - heightPx);
    Av.check(av_frame_apply_cropping(picture, CROP_UNALIGNED), "av_frame_apply_cropping");
  }

  private void scale(AVFrame source, WindowAxis across, WindowAxis down) {
    window.refer(source);
    AVFrame cut = window.pointer();
    tellColours(cut);
    crop(cut, across.from(), down.from(), across.length(), down.length());
    int format = ToneMap.isHdr(cut) ? AV_PIX_FMT_YUV420P10LE : AV_PIX_FMT_YUV420P;
    scaled = fitted(scaled, format, across.scaled(), down.scaled());
    AVFrame to = scaled.pointer();
    // Light and gamut stay as they are here: libswscale 9 would map HDR in its own way.
    to.color_primaries(cut.color_primaries()).color_trc(cut.color_trc());
    to.colorspace(ToneMap.isHdr(cut) ? cut.colorspace() : AVCOL_SPC_BT709)
        .color_range(AVCOL_RANGE_MPEG);
    scaler.scale(cut, scaled);
    window.unref();
    if (!ToneMap.isHdr(to)) {
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

  /** The picture, when it is of that form, to be written again; else another one. */
  private static FrameHandle fitted(FrameHandle held, int format, int widthPx, int heightPx) {
    if (held != null
        && held.pointer().width() == widthPx
        && held.pointer().height() == heightPx
        && held.pointer().format() == format) {
      held.makeWritable();
      return held;
    }
    if (held != null) {
      held.close();
    }
    return FrameHandle.ofPicture(format, widthPx, heightPx);
  }

  @Override
  public void close() {
    if (scaled != null) {
      scaled.close();
    }
    if (between != null) {
      between.close();
    }
    toneMap.close();
    wanted.close();
    window.close();
    scaler.close();
  }
}
