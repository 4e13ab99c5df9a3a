package dev.halcyon.codecs.render;

import static org.bytedeco.ffmpeg.global.avcodec.avcodec_version;
import static org.bytedeco.ffmpeg.global.avfilter.avfilter_version;
import static org.bytedeco.ffmpeg.global.avutil.av_version_info;
import static org.bytedeco.ffmpeg.global.swresample.swresample_version;
import static org.bytedeco.ffmpeg.global.swscale.swscale_version;

import dev.halcyon.codecs.caption.CaptionPainter;
import dev.halcyon.core.caption.CaptionTrack;
import java.util.SortedSet;

/** What renders here, as far as it decides bits. Any thread. */
public final class RenderTools {
  /** Of the code in this package and in that of captions: what changes a bit changes it. */
  private static final int PIPELINE = 2;

  private RenderTools() {}

  /** The same, with the fonts of this machine that captions need. */
  public static String versions(CaptionTrack captions) {
    SortedSet<String> fonts = CaptionPainter.machineFonts(captions);
    return fonts.isEmpty() ? versions() : versions() + ", fonts " + String.join("; ", fonts);
  }

  /** For {@link dev.halcyon.core.render.RenderSpec#tools}. */
  public static String versions() {
    return "pipeline "
        + PIPELINE
        + ", ffmpeg "
        + av_version_info().getString()
        + " "
        + String.join(
            "/",
            Integer.toString(avcodec_version()),
            Integer.toString(avfilter_version()),
            Integer.toString(swscale_version()),
            Integer.toString(swresample_version()))
        + ", captions "
        + CaptionPainter.VERSION;
  }
}
