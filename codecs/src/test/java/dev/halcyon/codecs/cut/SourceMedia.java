package dev.halcyon.codecs.cut;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_KEY;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_find_stream_info;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.av_rescale_q;

import dev.halcyon.codecs.av.Av;
import dev.halcyon.codecs.av.CodecIds;
import dev.halcyon.codecs.bitstream.FormatCompletion;
import dev.halcyon.core.cut.PacketStamp;
import dev.halcyon.core.cut.TrackPackets;
import dev.halcyon.core.media.AudioFormat;
import dev.halcyon.core.media.Bytes;
import dev.halcyon.core.media.Codec;
import dev.halcyon.core.media.TrackFormat;
import dev.halcyon.core.media.VideoFormat;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVRational;

/** The packets of a media file, demuxed whole; positions are indexes into {@link #payloads()}. */
record SourceMedia(List<TrackPackets> tracks, List<byte[]> payloads) {
  static SourceMedia of(Path file) {
    AVFormatContext context = new AVFormatContext(null);
    AVPacket packet = av_packet_alloc();
    try {
      Av.check(avformat_open_input(context, file.toString(), null, new AVDictionary(null)), "open");
      Av.check(avformat_find_stream_info(context, (AVDictionary) null), "probe");
      return read(context, packet);
    } finally {
      av_packet_free(packet);
      avformat_close_input(context);
    }
  }

  /** All packets in the order of the file, as a publisher would send them. */
  List<Numbered> inFileOrder() {
    List<Numbered> all = new ArrayList<>();
    for (TrackPackets track : tracks) {
      track.packets().forEach(packet -> all.add(new Numbered(track.index(), packet)));
    }
    all.sort((a, b) -> Long.compare(a.packet().position(), b.packet().position()));
    return all;
  }

  /** A packet and its track. */
  record Numbered(int track, PacketStamp packet) {}

  private static SourceMedia read(AVFormatContext context, AVPacket packet) {
    List<byte[]> payloads = new ArrayList<>();
    List<TrackFormat> formats = new ArrayList<>();
    List<List<PacketStamp>> stamps = new ArrayList<>();
    for (int i = 0; i < context.nb_streams(); i++) {
      formats.add(format(context.streams(i).codecpar()));
      stamps.add(new ArrayList<>());
    }
    for (int rc = av_read_frame(context, packet);
        rc != AVERROR_EOF();
        rc = av_read_frame(context, packet)) {
      Av.check(rc, "read");
      AVStream stream = context.streams(packet.stream_index());
      byte[] payload = new byte[packet.size()];
      packet.data().position(0).get(payload);
      stamps
          .get(packet.stream_index())
          .add(
              new PacketStamp(
                  us(packet.pts(), stream),
                  us(packet.dts(), stream),
                  0,
                  (packet.flags() & AV_PKT_FLAG_KEY) != 0,
                  1,
                  0,
                  payloads.size(),
                  payload.length));
      payloads.add(payload);
      av_packet_unref(packet);
    }
    List<TrackPackets> tracks = new ArrayList<>();
    for (int i = 0; i < formats.size(); i++) {
      Bytes first = Bytes.copyOf(payloads.get((int) stamps.get(i).getFirst().position()));
      TrackFormat format = FormatCompletion.completed(formats.get(i), first);
      tracks.add(new TrackPackets(i, List.of(format), stamps.get(i)));
    }
    return new SourceMedia(tracks, payloads);
  }

  private static long us(long ticks, AVStream stream) {
    try (AVRational micros = new AVRational().num(1).den(1_000_000)) {
      return av_rescale_q(ticks, stream.time_base(), micros);
    }
  }

  private static TrackFormat format(AVCodecParameters parameters) {
    byte[] extra = new byte[parameters.extradata_size()];
    if (extra.length > 0) {
      parameters.extradata().position(0).get(extra);
    }
    Codec codec = codec(parameters.codec_id());
    if (codec == Codec.OPUS) {
      extra = dOps(extra);
    }
    Bytes config = Bytes.copyOf(extra);
    return parameters.codec_type() == AVMEDIA_TYPE_VIDEO
        ? new VideoFormat(codec, parameters.width(), parameters.height(), config)
        : new AudioFormat(
            codec, parameters.sample_rate(), parameters.ch_layout().nb_channels(), config);
  }

  private static Codec codec(int id) {
    return CodecIds.codecOf(id).orElseThrow();
  }

  /** OpusHead (RFC 7845, little-endian, after its magic) as the body of dOps (big-endian). */
  private static byte[] dOps(byte[] head) {
    byte[] body = Arrays.copyOfRange(head, 8, head.length);
    body[0] = 0;
    swap(body, 2, 3);
    swap(body, 4, 7);
    swap(body, 5, 6);
    swap(body, 8, 9);
    return body;
  }

  private static void swap(byte[] bytes, int a, int b) {
    byte kept = bytes[a];
    bytes[a] = bytes[b];
    bytes[b] = kept;
  }
}
