package dev.halcyon.codecs.media;

import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_ID_H264;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_rescale_ts;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_from_context;
import static org.bytedeco.ffmpeg.global.avformat.AVIO_FLAG_WRITE;
import static org.bytedeco.ffmpeg.global.avformat.av_interleaved_write_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_write_trailer;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_output_context2;
import static org.bytedeco.ffmpeg.global.avformat.avformat_free_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_new_stream;
import static org.bytedeco.ffmpeg.global.avformat.avformat_write_header;
import static org.bytedeco.ffmpeg.global.avformat.avio_closep;
import static org.bytedeco.ffmpeg.global.avformat.avio_open;

import dev.halcyon.codecs.av.Av;
import dev.halcyon.codecs.av.CodecContextHandle;
import dev.halcyon.codecs.av.PacketHandle;
import dev.halcyon.codecs.media.CodedTrack.CodedPacket;
import dev.halcyon.core.media.VideoFormat;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVRational;

/** For tests: a coded H.264 track in an MP4 file, by FFmpeg's muxer. */
public final class Mp4File {
  private Mp4File() {}

  public static void write(CodedTrack video, Path file) {
    VideoFormat format = (VideoFormat) video.format();
    AVFormatContext context = new AVFormatContext(null);
    AVIOContext io = new AVIOContext(null);
    try (CodecContextHandle codec = CodecContextHandle.decoder(AV_CODEC_ID_H264);
        PacketHandle packet = new PacketHandle();
        AVRational microseconds = new AVRational().num(1).den(1_000_000)) {
      Av.check(
          avformat_alloc_output_context2(context, null, "mp4", file.toString()), "alloc output");
      AVStream stream = avformat_new_stream(context, null);
      codec.pointer().width(format.widthPx()).height(format.heightPx());
      codec.setExtradata(format.config().toArray());
      Av.check(avcodec_parameters_from_context(stream.codecpar(), codec.pointer()), "parameters");
      stream.codecpar().codec_tag(0);
      Av.check(avio_open(io, file.toString(), AVIO_FLAG_WRITE), "avio_open");
      context.pb(io);
      Av.check(avformat_write_header(context, (AVDictionary) null), "header");
      for (CodedPacket coded : video.packets()) {
        packet.fill(coded.payload(), coded.isKeyframe(), coded.ptsUs(), coded.dtsUs());
        av_packet_rescale_ts(packet.pointer(), microseconds, stream.time_base());
        Av.check(av_interleaved_write_frame(context, packet.pointer()), "write");
      }
      Av.check(av_write_trailer(context), "trailer");
    } finally {
      avio_closep(io);
      avformat_free_context(context);
    }
  }
}
