package dev.halcyon.codecs.cut.smart;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_GLOBAL_HEADER;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_INTERLACED_DCT;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_INTERLACED_ME;
import static org.bytedeco.ffmpeg.global.avutil.AV_PICTURE_TYPE_NONE;

import dev.halcyon.codecs.av.CodecContextHandle;
import dev.halcyon.codecs.av.FrameHandle;
import dev.halcyon.codecs.av.PacketHandle;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Encodes the pictures of one run, as the coding says and otherwise like the pictures themselves:
 * size, sampling, depth, colours, aspect, fields. The first is a keyframe, none is reordered. One
 * platform thread; closed by who made it.
 */
final class BoundaryEncoder implements AutoCloseable {
  private final CodecContextHandle encoder;
  private final FrameHandle frame = new FrameHandle();
  private final PacketHandle packet = new PacketHandle();

  /** Takes packets as the encoder writes them, each lent for the call. */
  interface Sink {
    void accept(long ptsUs, boolean isKeyframe, ByteBuffer payload) throws IOException;
  }

  /**
   * @param first the first picture; lent for the call
   * @throws HalcyonException UNSUPPORTED_MEDIA when the encoder does not take such pictures
   */
  BoundaryEncoder(BoundaryCoding coding, AVFrame first) {
    CodecContextHandle opened = null;
    try {
      opened = CodecContextHandle.encoder(coding.encoderName());
      setUp(opened.pointer(), coding, first);
      opened.open(coding.options());
    } catch (RuntimeException failure) {
      frame.close();
      packet.close();
      if (opened != null) {
        opened.close();
      }
      throw failure instanceof HalcyonException refused ? untaken(refused.getMessage()) : failure;
    }
    encoder = opened;
  }

  private static void setUp(AVCodecContext encoder, BoundaryCoding coding, AVFrame like) {
    encoder.width(like.width()).height(like.height()).pix_fmt(like.format());
    encoder.color_range(like.color_range()).colorspace(like.colorspace());
    encoder.color_primaries(like.color_primaries()).color_trc(like.color_trc());
    encoder.chroma_sample_location(like.chroma_location());
    encoder.sample_aspect_ratio(like.sample_aspect_ratio());
    encoder.time_base().num(1).den(1_000_000);
    encoder.framerate().num(1_000_000).den(coding.pictureUs());
    encoder.max_b_frames(0);
    if (coding.mostBps() > 0) {
      encoder.rc_max_rate(coding.mostBps()).rc_buffer_size(coding.mostBps());
    }
    int flags = encoder.flags() | AV_CODEC_FLAG_GLOBAL_HEADER;
    if ((like.flags() & AVFrame.AV_FRAME_FLAG_INTERLACED) != 0) {
      flags |= AV_CODEC_FLAG_INTERLACED_DCT | AV_CODEC_FLAG_INTERLACED_ME;
    }
    encoder.flags(flags);
  }

  private static HalcyonException untaken(String why) {
    return new HalcyonException(
        ErrorCode.UNSUPPORTED_MEDIA, "the pictures at the clip's edges cannot be encoded: " + why);
  }

  /** Parameter sets and the like, as the encoder writes them. */
  byte[] header() {
    return encoder.extradata();
  }

  /**
   * @param picture lent for the call
   * @param ptsUs later than that of the one before
   */
  void encode(AVFrame picture, long ptsUs, Sink sink) throws IOException {
    AVCodecContext first = encoder.pointer();
    if (picture.width() != first.width()
        || picture.height() != first.height()
        || picture.format() != first.pix_fmt()) {
      throw untaken("they change their size or format between two keyframes");
    }
    frame.refer(picture);
    // Else its type in the source would be asked of the encoder.
    frame.pointer().pts(ptsUs).pict_type(AV_PICTURE_TYPE_NONE);
    encoder.send(frame);
    frame.unref();
    drain(sink);
  }

  /** No picture follows; gives what is still inside. */
  void finish(Sink sink) throws IOException {
    encoder.endFrames();
    drain(sink);
  }

  private void drain(Sink sink) throws IOException {
    while (encoder.receive(packet)) {
      sink.accept(packet.pointer().pts(), packet.isKeyframe(), packet.payload());
    }
  }

  @Override
  public void close() {
    frame.close();
    packet.close();
    encoder.close();
  }
}
