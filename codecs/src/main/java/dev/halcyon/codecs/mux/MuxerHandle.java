package dev.halcyon.codecs.mux;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_DATA_NEW_EXTRADATA;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_new_side_data;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_rescale_ts;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_from_context;
import static org.bytedeco.ffmpeg.global.avformat.AVFMT_NOFILE;
import static org.bytedeco.ffmpeg.global.avformat.AVIO_FLAG_WRITE;
import static org.bytedeco.ffmpeg.global.avformat.av_interleaved_write_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_write_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_write_trailer;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_output_context2;
import static org.bytedeco.ffmpeg.global.avformat.avformat_free_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_new_stream;
import static org.bytedeco.ffmpeg.global.avformat.avformat_write_header;
import static org.bytedeco.ffmpeg.global.avformat.avio_closep;
import static org.bytedeco.ffmpeg.global.avformat.avio_open2;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;
import static org.bytedeco.ffmpeg.global.avutil.av_rescale_q;

import dev.halcyon.codecs.av.Av;
import dev.halcyon.codecs.av.CodecContextHandle;
import dev.halcyon.codecs.av.CodecIds;
import dev.halcyon.codecs.av.NativeHandle;
import dev.halcyon.codecs.av.NativeMemory;
import dev.halcyon.codecs.av.PacketHandle;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Track;
import dev.halcyon.core.media.TrackFormat;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVOutputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.javacpp.BytePointer;

/**
 * Owns an {@code AVFormatContext} that writes: a file or a live connection through libavformat. One
 * platform thread; closed by who opened it.
 */
public final class MuxerHandle extends NativeHandle<AVFormatContext> {
  private static final AVRational MICROSECONDS = new AVRational();

  static {
    MICROSECONDS.num(1).den(1_000_000);
  }

  private final List<TrackFormat> formats = new ArrayList<>();
  private final PacketHandle packet = new PacketHandle();
  private final boolean isLive;

  private MuxerHandle(AVFormatContext owned, boolean isLive) {
    super(NativeMemory.Tag.FORMAT, owned);
    this.isLive = isLive;
  }

  /**
   * Opens a file and writes its header.
   *
   * @param container FFmpeg's muxer: {@code mp4}, {@code flv}, {@code matroska}, {@code mpegts}, …
   * @param options of the muxer
   * @throws HalcyonException UNSUPPORTED_MEDIA, IO_FAILED
   */
  public static MuxerHandle toFile(
      Path path, String container, List<Track> tracks, Map<String, String> options) {
    MuxerHandle muxer = allocate(container, "file:" + path.toAbsolutePath(), false);
    try {
      muxer.openOutput("file:" + path.toAbsolutePath(), Map.of());
      muxer.begin(tracks, options);
      return muxer;
    } catch (RuntimeException failure) {
      muxer.close();
      throw failure;
    }
  }

  /**
   * Connects to a server and writes the header. Each packet is sent at once.
   *
   * @param interrupt ends what blocks; kept open by the caller until after {@link #close}
   */
  static MuxerHandle toServer(
      String url,
      String container,
      List<Track> tracks,
      Map<String, String> protocolOptions,
      Map<String, String> muxerOptions,
      NativeInterrupt interrupt) {
    MuxerHandle muxer = allocate(container, url, true);
    try {
      interrupt.attach(muxer.pointer());
      muxer.pointer().flush_packets(1);
      muxer.openOutput(url, protocolOptions);
      muxer.begin(tracks, muxerOptions);
      return muxer;
    } catch (RuntimeException failure) {
      muxer.close();
      throw failure;
    }
  }

  /**
   * Opens a file for what one encoder gives, and writes its header.
   *
   * @param encoder open; borrowed for the call
   */
  public static MuxerHandle ofEncoder(Path path, String container, CodecContextHandle encoder) {
    String url = "file:" + path.toAbsolutePath();
    MuxerHandle muxer = allocate(container, url, false);
    try {
      muxer.openOutput(url, Map.of());
      AVStream stream = Av.checkNotNull(avformat_new_stream(muxer.pointer(), null), "new_stream");
      stream.time_base(encoder.pointer().time_base());
      Av.check(
          avcodec_parameters_from_context(stream.codecpar(), encoder.pointer()),
          "avcodec_parameters_from_context");
      muxer.writeHeader(Map.of());
      return muxer;
    } catch (RuntimeException failure) {
      muxer.close();
      throw failure;
    }
  }

  /** Writes and gives up a packet of the encoder that the file was opened for. */
  public void write(PacketHandle coded, CodecContextHandle encoder) {
    av_packet_rescale_ts(
        coded.pointer(), encoder.pointer().time_base(), pointer().streams(0).time_base());
    coded.pointer().stream_index(0);
    Av.check(av_interleaved_write_frame(pointer(), coded.pointer()), "av_interleaved_write_frame");
    coded.unref();
  }

  /** Writes one packet; its track is one of those given at the opening, by index. */
  public void write(CodedPacket coded) {
    int index = coded.track().index();
    if (index >= formats.size()) {
      throw new IllegalArgumentException("no such track [index=" + index + "]");
    }
    packet.fill(coded.payload().asBuffer(), coded.isKeyframe(), 0, 0);
    AVPacket raw = packet.pointer();
    AVRational timeBase = pointer().streams(index).time_base();
    raw.stream_index(index);
    raw.pts(av_rescale_q(coded.ptsUs(), MICROSECONDS, timeBase));
    raw.dts(av_rescale_q(coded.dtsUs(), MICROSECONDS, timeBase));
    raw.duration(av_rescale_q(coded.durationUs(), MICROSECONDS, timeBase));
    TrackFormat format = coded.track().format();
    if (!format.equals(formats.get(index))) {
      formats.set(index, format);
      announce(raw, CodecIds.extradata(format));
    }
    if (isLive) {
      // The packets come in order: libavformat's interleaving would only hold each back.
      Av.check(av_write_frame(pointer(), raw), "av_write_frame");
    } else {
      Av.check(av_interleaved_write_frame(pointer(), raw), "av_interleaved_write_frame");
    }
    packet.unref();
  }

  /** Completes the file; nothing may follow but {@link #close}. */
  public void finish() {
    Av.check(av_write_trailer(pointer()), "av_write_trailer");
  }

  @Override
  protected void free(AVFormatContext owned) {
    packet.close();
    AVIOContext output = owned.pb();
    if (output != null && (owned.oformat().flags() & AVFMT_NOFILE) == 0) {
      avio_closep(output);
      owned.pb(null);
    }
    avformat_free_context(owned);
  }

  private static MuxerHandle allocate(String container, String url, boolean isLive) {
    AVFormatContext context = new AVFormatContext(null);
    if (avformat_alloc_output_context2(context, (AVOutputFormat) null, container, url) < 0) {
      throw new HalcyonException(
          ErrorCode.UNSUPPORTED_MEDIA, "no muxer [container=" + container + "]");
    }
    return new MuxerHandle(context, isLive);
  }

  private void openOutput(String url, Map<String, String> options) {
    AVIOContext output = new AVIOContext(null);
    AVDictionary dictionary = dictionaryOf(options);
    try {
      Av.check(
          avio_open2(output, url, AVIO_FLAG_WRITE, pointer().interrupt_callback(), dictionary),
          "avio_open2");
      pointer().pb(output);
    } finally {
      av_dict_free(dictionary);
    }
  }

  private void begin(List<Track> tracks, Map<String, String> options) {
    for (Track track : tracks) {
      if (track.index() != formats.size()) {
        throw new IllegalArgumentException("tracks must be indexed from 0 [track=" + track + "]");
      }
      AVStream stream = Av.checkNotNull(avformat_new_stream(pointer(), null), "new_stream");
      stream.time_base().num(1).den(1_000_000);
      CodecParameters.write(track.format(), stream.codecpar());
      formats.add(track.format());
    }
    writeHeader(options);
  }

  private void writeHeader(Map<String, String> options) {
    AVDictionary dictionary = dictionaryOf(options);
    try {
      Av.check(avformat_write_header(pointer(), dictionary), "avformat_write_header");
    } finally {
      av_dict_free(dictionary);
    }
  }

  /** A new configuration travels with the first packet that needs it. */
  private static void announce(AVPacket packet, byte[] extradata) {
    BytePointer sideData =
        Av.checkNotNull(
            av_packet_new_side_data(packet, AV_PKT_DATA_NEW_EXTRADATA, extradata.length),
            "av_packet_new_side_data");
    sideData.put(extradata, 0, extradata.length);
  }

  private static AVDictionary dictionaryOf(Map<String, String> options) {
    AVDictionary dictionary = new AVDictionary(null);
    options.forEach(
        (name, value) -> Av.check(av_dict_set(dictionary, name, value, 0), "av_dict_set"));
    return dictionary;
  }
}
