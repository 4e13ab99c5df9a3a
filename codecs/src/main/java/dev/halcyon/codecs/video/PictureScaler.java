package dev.halcyon.codecs.video;

import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_MPEG;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P10LE;
import static org.bytedeco.ffmpeg.global.swscale.SWS_AREA;

import dev.halcyon.codecs.av.FrameHandle;
import dev.halcyon.codecs.av.ScalerHandle;
import dev.halcyon.core.media.Orientation;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Scales and converts pictures, and turns them upright. One platform thread; owns its native
 * objects; closed by who made it.
 */
public final class PictureScaler implements AutoCloseable {
  /**
   * What pictures become.
   *
   * @param pixelFormat {@code AV_PIX_FMT_…}; planar with 8 bits, or {@code AV_PIX_FMT_BGRA}
   * @param matrix {@code AVCOL_SPC_…}
   * @param range {@code AVCOL_RANGE_…}
   * @param light what becomes of HDR
   */
  public record Form(int pixelFormat, int matrix, int range, Light light) {}

  /** What becomes of light and gamut. */
  public enum Light {
    /** Stays as it is. */
    KEPT,
    /** HDR becomes what an ordinary screen shows. */
    FOR_SCREENS
  }

  /** What even sides make of a shape. */
  private static final int ROUNDING_PX = 2;

  private final Form form;
  private final PictureTurn turn;
  private final ScalerHandle scaler;
  private FrameHandle scaled;
  private FrameHandle turned;
  private FrameHandle woven;
  private FrameHandle mounted;
  private final ToneMap toneMap = new ToneMap();
  private final ScalerHandle reducer;
  private FrameHandle hdr;

  /**
   * @param orientation how a player turns the pictures that come
   */
  public PictureScaler(Form form, Orientation orientation) {
    this(form, orientation, SWS_AREA);
  }

  /**
   * @param flags {@code SWS_…}
   */
  public PictureScaler(Form form, Orientation orientation, int flags) {
    scaler = new ScalerHandle(flags);
    reducer = new ScalerHandle(flags);
    this.form = form;
    this.turn = new PictureTurn(orientation);
  }

  /**
   * The result is lent until the next call.
   *
   * @param picture borrowed for the call
   * @param size of the upright result
   */
  public FrameHandle scale(AVFrame picture, PictureSize size) {
    boolean isSideways = turn.orientation().isSideways();
    scaled =
        fitting(
            scaled,
            isSideways ? size.heightPx() : size.widthPx(),
            isSideways ? size.widthPx() : size.heightPx());
    AVFrame whole = woven(picture);
    AVFrame from = isMapped(picture) ? mapped(whole, scaled.pointer()) : whole;
    // Light and gamut stay as they are: libswscale 9 maps HDR to other colours altogether.
    scaled.pointer().color_primaries(from.color_primaries()).color_trc(from.color_trc());
    scaler.scale(from, scaled);
    if (woven != null) {
      woven.unref();
    }
    scaled.pointer().sample_aspect_ratio().num(1).den(1);
    if (turn.orientation() == Orientation.UPRIGHT) {
      return scaled;
    }
    turned = fitting(turned, size.widthPx(), size.heightPx());
    turn.turn(scaled.pointer(), turned.pointer());
    turned.pointer().sample_aspect_ratio().num(1).den(1);
    return turned;
  }

  private boolean isMapped(AVFrame picture) {
    return form.light() == Light.FOR_SCREENS && ToneMap.isHdr(picture);
  }

  /** Made small first, which costs less. */
  private AVFrame mapped(AVFrame picture, AVFrame size) {
    if (hdr == null || hdr.pointer().width() != size.width()) {
      closeHdr();
      hdr = FrameHandle.ofPicture(AV_PIX_FMT_YUV420P10LE, size.width(), size.height());
    }
    hdr.makeWritable();
    AVFrame small = hdr.pointer();
    small.color_primaries(picture.color_primaries()).color_trc(picture.color_trc());
    small.colorspace(picture.colorspace()).color_range(AVCOL_RANGE_MPEG);
    reducer.scale(picture, hdr);
    return toneMap.toSdr(hdr).pointer();
  }

  private void closeHdr() {
    if (hdr != null) {
      hdr.close();
      hdr = null;
    }
  }

  /** libswscale does not turn fields into whole pictures: it is shown the two as one. */
  private AVFrame woven(AVFrame picture) {
    if ((picture.flags() & AVFrame.AV_FRAME_FLAG_INTERLACED) == 0) {
      return picture;
    }
    if (woven == null) {
      woven = new FrameHandle();
    }
    woven.refer(picture);
    woven.pointer().flags(picture.flags() & ~AVFrame.AV_FRAME_FLAG_INTERLACED);
    return woven.pointer();
  }

  /** As {@link #scale}, but one of another shape comes into the middle of black. */
  public FrameHandle fit(AVFrame picture, PictureSize size) {
    PictureSize own =
        PictureSize.shown(picture, turn.orientation()).within(size.widthPx(), size.heightPx());
    int besidePx = size.widthPx() - own.widthPx();
    int abovePx = size.heightPx() - own.heightPx();
    if (besidePx <= ROUNDING_PX && abovePx <= ROUNDING_PX) {
      return scale(picture, size);
    }
    FrameHandle small = scale(picture, own);
    mounted = fitting(mounted, size.widthPx(), size.heightPx());
    PicturePlanes.blacken(mounted.pointer());
    PicturePlanes.put(small.pointer(), mounted.pointer(), besidePx / 4 * 2, abovePx / 4 * 2);
    mounted
        .pointer()
        .color_primaries(small.pointer().color_primaries())
        .color_trc(small.pointer().color_trc());
    mounted.pointer().sample_aspect_ratio().num(1).den(1);
    return mounted;
  }

  /** A frame of this size that nobody else reads: an encoder may still have the last one. */
  private FrameHandle fitting(FrameHandle held, int widthPx, int heightPx) {
    if (held != null && held.pointer().width() == widthPx && held.pointer().height() == heightPx) {
      held.makeWritable();
      return held;
    }
    if (held != null) {
      held.close();
    }
    FrameHandle fresh = FrameHandle.ofPicture(form.pixelFormat(), widthPx, heightPx);
    fresh.pointer().colorspace(form.matrix()).color_range(form.range());
    return fresh;
  }

  @Override
  public void close() {
    if (scaled != null) {
      scaled.close();
    }
    if (turned != null) {
      turned.close();
    }
    if (woven != null) {
      woven.close();
    }
    if (mounted != null) {
      mounted.close();
    }
    closeHdr();
    toneMap.close();
    reducer.close();
    scaler.close();
  }
}
