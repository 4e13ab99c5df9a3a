package dev.halcyon.codecs.render;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_GLOBAL_HEADER;
import static org.bytedeco.ffmpeg.global.avutil.AVCHROMA_LOC_LEFT;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_PRI_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_RANGE_MPEG;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_SPC_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AVCOL_TRC_BT709;
import static org.bytedeco.ffmpeg.global.avutil.AV_PICTURE_TYPE_NONE;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;

import dev.halcyon.codecs.av.CodecContextHandle;
import dev.halcyon.codecs.av.FrameHandle;
import dev.halcyon.codecs.av.PacketHandle;
import dev.halcyon.codecs.mux.AnnexB;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.FrameRate;
import dev.halcyon.core.render.PictureCoding;
import dev.halcyon.core.render.PictureForm;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;

/**
 * Encodes one chunk: x264 or x265 in one thread, from a keyframe on, so that equal pictures give
 * equal bits whatever is encoded beside it. One platform thread; closed by who made it.
 */
final class ChunkEncoder implements AutoCloseable {
  private final CodecContextHandle encoder;
  private final PacketHandle packet = new PacketHandle();
  private final Bytes config;

  /** Takes packets in decoding order; times are pictures since the chunk's first. */
  interface Sink {
    void accept(long pts, boolean isKeyframe, Bytes payload) throws IOException;
  }

  /**
   * @throws HalcyonException UNSUPPORTED_MEDIA when this build of FFmpeg has no such encoder
   */
  ChunkEncoder(PictureForm form, PictureCoding coding) {
    CodecContextHandle opened = null;
    try {
      boolean isHevc = coding.codec() == Codec.HEVC;
      opened = CodecContextHandle.encoder(isHevc ? "libx265" : "libx264");
      setUp(opened.pointer(), form, coding);
      opened.open(options(coding));
      config =
          isHevc ? AnnexB.hevcConfig(opened.extradata()) : AnnexB.avcConfig(opened.extradata());
    } catch (RuntimeException failure) {
      packet.close();
      if (opened != null) {
        opened.close();
      }
      throw failure;
    }
    encoder = opened;
  }

  private static Map<String, String> options(PictureCoding coding) {
    Map<String, String> options = new HashMap<>();
    options.put("preset", coding.preset().name().toLowerCase(Locale.ROOT));
    options.put("crf", Integer.toString(coding.crf()));
    if (coding.codec() == Codec.HEVC) {
      options.put("profile", "main");
      // Neither threads, which would change the bits, nor a log, nor the encoder's name in them.
      options.put(
          "x265-params", "open-gop=0:pools=none:frame-threads=1:wpp=0:log-level=error:info=0");
    } else {
      options.put("profile", "high");
      options.put("x264-params", "open-gop=0");
    }
    return options;
  }

  private static void setUp(AVCodecContext context, PictureForm form, PictureCoding coding) {
    FrameRate rate = form.frameRate();
    context.width(form.widthPx()).height(form.heightPx()).pix_fmt(AV_PIX_FMT_YUV420P);
    context.time_base().num(rate.denominator()).den(rate.numerator());
    context.framerate().num(rate.numerator()).den(rate.denominator());
    context.gop_size(coding.keyframeFrames());
    context.color_range(AVCOL_RANGE_MPEG).colorspace(AVCOL_SPC_BT709);
    context.color_primaries(AVCOL_PRI_BT709).color_trc(AVCOL_TRC_BT709);
    context.chroma_sample_location(AVCHROMA_LOC_LEFT);
    context.sample_aspect_ratio().num(1).den(1);
    context.flags(context.flags() | AV_CODEC_FLAG_GLOBAL_HEADER);
  }

  /** The body of {@code avcC} or {@code hvcC}: the same for all chunks of a render. */
  Bytes config() {
    return config;
  }

  /**
   * @param picture of the form; lent for the call
   * @param number since the chunk's first, which is 0
   */
  void encode(FrameHandle picture, long number, Sink sink) throws IOException {
    picture.pointer().pts(number).pict_type(AV_PICTURE_TYPE_NONE);
    encoder.send(picture);
    drain(sink);
  }

  /** No picture follows; gives what is still inside. */
  void finish(Sink sink) throws IOException {
    encoder.endFrames();
    drain(sink);
  }

  private void drain(Sink sink) throws IOException {
    while (encoder.receive(packet)) {
      byte[] payload = new byte[packet.pointer().size()];
      packet.payload().get(payload);
      sink.accept(packet.pointer().pts(), packet.isKeyframe(), AnnexB.lengthPrefixed(payload));
    }
  }

  @Override
  public void close() {
    packet.close();
    encoder.close();
  }
}
