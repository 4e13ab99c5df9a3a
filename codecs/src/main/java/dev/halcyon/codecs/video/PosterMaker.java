package dev.halcyon.codecs.video;

import static org.bytedeco.ffmpeg.global.avformat.AVSEEK_FLAG_BACKWARD;
import static org.bytedeco.ffmpeg.global.avformat.av_find_best_stream;
import static org.bytedeco.ffmpeg.global.avformat.avformat_seek_file;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;

import dev.halcyon.codecs.av.CodecContextHandle;
import dev.halcyon.codecs.av.FrameHandle;
import dev.halcyon.codecs.av.PacketHandle;
import dev.halcyon.codecs.decode.Picture;
import dev.halcyon.codecs.decode.VideoDecoder;
import dev.halcyon.codecs.mux.DemuxerHandle;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.VideoFormat;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;

/** Makes the still picture that stands for a clip: a JPEG. Any platform thread, one a call. */
public final class PosterMaker {
  /** Where in the file to look, in parts of 100 of its length. */
  private static final int[] CANDIDATE_PERCENTS = {50, 30, 70, 10, 90};

  /** A bound on the work for one candidate: a few GOPs of audio and video packets. */
  private static final int MAX_PACKETS = 2_000;

  private PosterMaker() {}

  /**
   * The sharpest, not black picture among a few of an MP4 file.
   *
   * @throws HalcyonException CORRUPT_MEDIA when the file has no picture that can be decoded
   */
  public static byte[] fromFile(Path mp4) {
    try (DemuxerHandle input = DemuxerHandle.ofFile(mp4);
        PosterCandidate best = new PosterCandidate()) {
      int stream =
          av_find_best_stream(input.pointer(), AVMEDIA_TYPE_VIDEO, -1, -1, (AVCodec) null, 0);
      if (stream < 0) {
        throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "no picture: the file has no video");
      }
      try (CodecContextHandle decoder = CodecContextHandle.decoderOf(input.stream(stream))) {
        for (int percent : CANDIDATE_PERCENTS) {
          offer(input, stream, decoder, percent, best);
        }
      }
      return best.toJpeg();
    }
  }

  /**
   * The picture of one keyframe.
   *
   * @param payload as {@link VideoFormat} frames it; the position stays
   * @throws HalcyonException CORRUPT_MEDIA when it cannot be decoded
   */
  public static byte[] fromKeyframe(VideoFormat format, ByteBuffer payload) {
    try (VideoDecoder decoder = new VideoDecoder(format, VideoDecoder.Mode.KEYFRAMES);
        PosterCandidate only = new PosterCandidate()) {
      decoder.decode(payload, true, 0, only::offer);
      return only.toJpeg();
    }
  }

  /** Offers the first presented picture from the keyframe before {@code percent} of the length. */
  private static void offer(
      DemuxerHandle input,
      int stream,
      CodecContextHandle decoder,
      int percent,
      PosterCandidate best) {
    AVFormatContext context = input.pointer();
    long targetUs = Math.max(0, context.duration()) * percent / 100;
    decoder.flush();
    if (avformat_seek_file(context, -1, Long.MIN_VALUE, targetUs, targetUs, AVSEEK_FLAG_BACKWARD)
        < 0) {
      return; // not seekable to there: another candidate will do
    }
    try (PacketHandle packet = new PacketHandle();
        FrameHandle frame = new FrameHandle()) {
      for (int i = 0; i < MAX_PACKETS && input.read(packet); i++) {
        if (packet.pointer().stream_index() == stream) {
          decoder.send(packet);
          if (decoder.receive(frame)) {
            best.offer(new Picture(frame.pointer().pts(), frame.pointer()));
            return;
          }
        }
      }
      decoder.endPackets(); // a clip shorter than the decoder's reordering
      if (decoder.receive(frame)) {
        best.offer(new Picture(frame.pointer().pts(), frame.pointer()));
      }
    } catch (HalcyonException failure) {
      if (failure.code() != ErrorCode.CORRUPT_MEDIA) {
        throw failure;
      }
    }
  }
}
