package dev.halcyon.codecs.probe;

import static org.bytedeco.ffmpeg.global.avutil.av_pix_fmt_desc_get;

import dev.halcyon.codecs.mux.DemuxerHandle;
import dev.halcyon.core.asset.PictureStream;
import dev.halcyon.core.asset.Transfer;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.ColourCode;
import dev.halcyon.core.media.Display;
import dev.halcyon.core.media.FrameRate;
import dev.halcyon.core.media.SampleAspect;
import dev.halcyon.core.media.VideoFormat;
import java.util.Optional;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVPixFmtDescriptor;
import org.bytedeco.ffmpeg.avutil.AVRational;

/** What the first decoded pictures of a stream tell about all of them. One thread. */
final class PictureFacts {
  /** Samples further from square than this are damage. */
  private static final int MOST_STRETCH = 8;

  /** How far the mean of a constant rate lies from the rate that the file names. */
  private static final double SAME_RATE = 0.002;

  private static final int MAX_RATE = 1_000;

  private int widthPx;
  private int heightPx;
  private int bits = 8;
  private int transfer = ColourCode.UNSPECIFIED;
  private boolean isInterlaced;
  private Optional<SampleAspect> aspect = Optional.empty();

  void onPicture(AVFrame picture) {
    isInterlaced |= (picture.flags() & AVFrame.AV_FRAME_FLAG_INTERLACED) != 0;
    if (widthPx > 0) {
      return;
    }
    widthPx = picture.width();
    heightPx = picture.height();
    transfer = picture.color_trc();
    aspect = aspect(picture.sample_aspect_ratio());
    AVPixFmtDescriptor format = av_pix_fmt_desc_get(picture.format());
    if (format != null) {
      bits = format.comp(0).depth();
    }
  }

  private static Optional<SampleAspect> aspect(AVRational ratio) {
    boolean isKnown =
        ratio.num() > 0
            && ratio.den() > 0
            && Math.max(ratio.num(), ratio.den()) <= SampleAspect.MAX
            && Math.max(ratio.num(), ratio.den())
                <= (long) MOST_STRETCH * Math.min(ratio.num(), ratio.den());
    return isKnown ? Optional.of(new SampleAspect(ratio.num(), ratio.den())) : Optional.empty();
  }

  /** Whether any picture was decoded. */
  boolean isKnown() {
    return widthPx > 0;
  }

  int widthPx() {
    return widthPx;
  }

  int heightPx() {
    return heightPx;
  }

  PictureStream stream(DemuxerHandle demuxer, StreamScan scan, Codec codec) {
    AVStream stream = demuxer.stream(scan.index());
    Display display = display(demuxer, scan.index());
    SampleAspect shown =
        aspect(stream.sample_aspect_ratio()).or(() -> aspect).orElse(SampleAspect.SQUARE);
    int stretchedPx =
        (int) Math.max(1, Math.round((double) widthPx * shown.width() / shown.height()));
    boolean isSideways = display.orientation().isSideways();
    int named = display.colour().map(ColourCode::transfer).orElse(ColourCode.UNSPECIFIED);
    return new PictureStream(
        scan.index(),
        codec,
        widthPx,
        heightPx,
        isSideways ? heightPx : stretchedPx,
        isSideways ? stretchedPx : heightPx,
        rate(stream, scan),
        scan.isVariable(),
        display.orientation(),
        shown,
        isInterlaced,
        Transfer.ofH273(transfer == ColourCode.UNSPECIFIED ? named : transfer),
        bits,
        scan.packets());
  }

  private static Display display(DemuxerHandle demuxer, int index) {
    return demuxer
        .track(index)
        .map(track -> ((VideoFormat) track.format()).display())
        .orElse(Display.PLAIN);
  }

  /** The mean that was measured, by the name that the file has for it where the two agree. */
  private static FrameRate rate(AVStream stream, StreamScan scan) {
    double measured =
        scan.packets() * 1e6 / Math.max(1, scan.endUs() - Math.min(scan.firstUs(), scan.endUs()));
    if (!scan.isVariable()) {
      for (AVRational named : new AVRational[] {stream.r_frame_rate(), stream.avg_frame_rate()}) {
        if (isRate(named)
            && Math.abs((double) named.num() / named.den() / measured - 1) <= SAME_RATE) {
          return new FrameRate(named.num(), named.den());
        }
      }
    }
    return new FrameRate(Math.clamp(Math.round(measured * 1_000), 1, MAX_RATE * 1_000), 1_000);
  }

  private static boolean isRate(AVRational named) {
    return named.num() > 0
        && named.den() > 0
        && named.num() <= 1_000_000
        && named.den() <= 1_000_000
        && named.num() <= (long) MAX_RATE * named.den();
  }
}
