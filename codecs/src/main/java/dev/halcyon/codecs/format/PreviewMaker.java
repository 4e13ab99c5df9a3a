package dev.halcyon.codecs.format;

import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_BGRA;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_PAL8;

import dev.halcyon.codecs.av.CodecContextHandle;
import dev.halcyon.codecs.av.FilterGraphHandle;
import dev.halcyon.codecs.av.FrameHandle;
import dev.halcyon.codecs.av.PacketHandle;
import dev.halcyon.codecs.mux.MuxerHandle;
import dev.halcyon.codecs.video.PictureSize;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

/**
 * Short moving pictures without sound, for chats and overviews: they loop. On a platform thread;
 * blocking; an interrupt ends it.
 */
public final class PreviewMaker {
  private static final String PICTURES = "pictures";
  private static final String PALETTE = "palette";

  /** Colours of what moves count more: it is what people look at. */
  private static final String CHOOSE_PALETTE = ",palettegen=stats_mode=diff,buffersink@out";

  /**
   * An ordered pattern stays where it is from picture to picture and packs well; only the rectangle
   * that changed is dithered anew.
   */
  private static final String USE_PALETTE =
      "paletteuse=dither=bayer:bayer_scale=4:diff_mode=rectangle,buffersink@out";

  /** Of 100. */
  private static final String WEBP_QUALITY = "72";

  private PreviewMaker() {}

  /**
   * An animated GIF with a palette of its own, which is found by a first pass over the pictures.
   *
   * @throws HalcyonException UNSUPPORTED_MEDIA, CORRUPT_MEDIA, IO_FAILED
   */
  public static void gif(Path source, PreviewShape shape, Path target) {
    try (FrameHandle palette = palette(source, shape);
        PreviewPictures pictures = PreviewPictures.open(source, shape);
        FilterGraphHandle graph = paletteUse(pictures.size(), palette);
        GifFile file = new GifFile(graph, pictures.size(), target)) {
      graph.send(PALETTE, palette.pointer());
      graph.end(PALETTE);
      pictures.each(
          picture -> {
            graph.send(PICTURES, picture);
            file.drain();
          });
      graph.end(PICTURES);
      file.finish();
    }
  }

  private static FrameHandle palette(Path source, PreviewShape shape) {
    try (PreviewPictures pictures = PreviewPictures.open(source, shape);
        FilterGraphHandle graph =
            FilterGraphHandle.open(source(PICTURES, pictures.size()) + CHOOSE_PALETTE)) {
      FrameHandle palette = new FrameHandle();
      try {
        pictures.each(
            picture -> {
              graph.send(PICTURES, picture);
              graph.receive(palette); // asking for it is what makes the graph take the picture
            });
        graph.end(PICTURES);
        if (!graph.receive(palette)) {
          throw new HalcyonException(ErrorCode.INTERNAL, "palettegen gave no palette");
        }
        palette.pointer().pts(0);
        return palette;
      } catch (RuntimeException failure) {
        palette.close();
        throw failure;
      }
    }
  }

  private static FilterGraphHandle paletteUse(PictureSize size, FrameHandle palette) {
    PictureSize paletteSize =
        new PictureSize(palette.pointer().width(), palette.pointer().height());
    return FilterGraphHandle.open(
        source(PICTURES, size)
            + "[p];"
            + source(PALETTE, paletteSize)
            + "[c];[p][c]"
            + USE_PALETTE);
  }

  private static String source(String name, PictureSize size) {
    return FilterGraphHandle.source(name, AV_PIX_FMT_BGRA, size.widthPx(), size.heightPx());
  }

  /** The coded end of a GIF's graph. */
  private static final class GifFile implements AutoCloseable {
    private final FilterGraphHandle graph;
    private final CodecContextHandle encoder = CodecContextHandle.encoder("gif");
    private final FrameHandle indexed = new FrameHandle();
    private final PacketHandle packet = new PacketHandle();
    private final MuxerHandle file;

    GifFile(FilterGraphHandle graph, PictureSize size, Path target) {
      this.graph = graph;
      try {
        encoder.pointer().width(size.widthPx()).height(size.heightPx()).pix_fmt(AV_PIX_FMT_PAL8);
        encoder.pointer().time_base().num(1).den(1_000_000);
        encoder.open(Map.of());
        file = MuxerHandle.ofEncoder(target, "gif", encoder);
      } catch (RuntimeException failure) {
        packet.close();
        indexed.close();
        encoder.close();
        throw failure;
      }
    }

    /** Writes what the graph has ready. */
    void drain() {
      while (graph.receive(indexed)) {
        encoder.send(indexed);
        write();
      }
    }

    private void write() {
      while (encoder.receive(packet)) {
        file.write(packet, encoder);
      }
    }

    void finish() {
      drain();
      encoder.endFrames();
      write();
      file.finish();
    }

    @Override
    public void close() {
      file.close();
      packet.close();
      indexed.close();
      encoder.close();
    }
  }

  /**
   * An animated WebP.
   *
   * @throws HalcyonException UNSUPPORTED_MEDIA also when this build of FFmpeg has no such encoder;
   *     CORRUPT_MEDIA, IO_FAILED
   */
  public static void webp(Path source, PreviewShape shape, Path target) throws IOException {
    try (PreviewPictures pictures = PreviewPictures.open(source, shape);
        CodecContextHandle encoder = CodecContextHandle.encoder("libwebp_anim");
        FrameHandle frame = new FrameHandle()) {
      PictureSize size = pictures.size();
      encoder.pointer().width(size.widthPx()).height(size.heightPx()).pix_fmt(AV_PIX_FMT_BGRA);
      encoder.pointer().time_base().num(1).den(1_000_000);
      encoder.open(Map.of("quality", WEBP_QUALITY));
      pictures.each(
          picture -> {
            frame.refer(picture);
            encoder.send(frame);
          });
      encoder.endFrames();
      write(encoder, target);
    }
  }

  /** The encoder gives the whole file as one packet. */
  private static void write(CodecContextHandle encoder, Path target) throws IOException {
    try (PacketHandle packet = new PacketHandle();
        FileChannel file =
            FileChannel.open(target, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      while (encoder.receive(packet)) {
        var bytes = packet.payload();
        while (bytes.hasRemaining()) {
          file.write(bytes);
        }
      }
    }
  }
}
