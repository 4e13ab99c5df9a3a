package dev.halcyon.codecs.mux;

import static org.bytedeco.ffmpeg.global.avformat.AVSEEK_FLAG_BACKWARD;
import static org.bytedeco.ffmpeg.global.avformat.AV_DISPOSITION_ATTACHED_PIC;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_seek_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_find_stream_info;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;

import dev.halcyon.codecs.av.Av;
import dev.halcyon.codecs.av.NativeHandle;
import dev.halcyon.codecs.av.NativeMemory;
import dev.halcyon.codecs.av.PacketHandle;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Track;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVRational;

/**
 * Owns an {@code AVFormatContext} that reads: a file or an address through libavformat, edit lists
 * honoured as FFmpeg does. One platform thread; closed by who opened it.
 */
public final class DemuxerHandle extends NativeHandle<AVFormatContext> {
  /** No read of a network address blocks for longer. */
  private static final long READ_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(20);

  private final NativeInterrupt interrupt;

  private DemuxerHandle(AVFormatContext owned, NativeInterrupt interrupt) {
    super(NativeMemory.Tag.FORMAT, owned);
    this.interrupt = interrupt;
  }

  /**
   * Opens a local file; never what it may name elsewhere.
   *
   * @throws HalcyonException CORRUPT_MEDIA, IO_FAILED
   */
  public static DemuxerHandle ofFile(Path path) {
    return ofFile(path, Map.of());
  }

  /**
   * @param options of the demuxer; {@code ignore_editlist} makes of an MP4 what it holds instead of
   *     what it presents
   */
  public static DemuxerHandle ofFile(Path path, Map<String, String> options) {
    return open("file:" + path.toAbsolutePath(), "file", options);
  }

  /** Opens an address that the caller trusts: a clip's own URL, a test's server. */
  public static DemuxerHandle ofUrl(String url) {
    return open(url, "file,http,https,tcp,tls,rtmp,crypto", Map.of());
  }

  private static DemuxerHandle open(
      String url, String protocols, Map<String, String> demuxerOptions) {
    AVFormatContext context = Av.checkNotNull(avformat_alloc_context(), "avformat_alloc_context");
    NativeInterrupt interrupt = new NativeInterrupt();
    interrupt.attach(context);
    interrupt.allow(READ_TIMEOUT_NS);
    AVDictionary options = new AVDictionary(null);
    try {
      Av.check(av_dict_set(options, "protocol_whitelist", protocols, 0), "av_dict_set");
      demuxerOptions.forEach(
          (name, value) -> Av.check(av_dict_set(options, name, value, 0), "av_dict_set"));
      // On failure FFmpeg frees the context itself.
      Av.check(avformat_open_input(context, url, null, options), "avformat_open_input");
    } catch (RuntimeException failure) {
      interrupt.close();
      throw failure;
    } finally {
      av_dict_free(options);
    }
    DemuxerHandle demuxer = new DemuxerHandle(context, interrupt);
    try {
      Av.check(
          avformat_find_stream_info(context, (AVDictionary) null), "avformat_find_stream_info");
      return demuxer;
    } catch (RuntimeException failure) {
      demuxer.close();
      throw failure;
    }
  }

  public int streamCount() {
    return pointer().nb_streams();
  }

  /** A stream, borrowed. */
  public AVStream stream(int index) {
    return pointer().streams(index);
  }

  /**
   * The first stream of a kind that is no cover picture.
   *
   * @param type {@code AVMEDIA_TYPE_…}
   */
  public OptionalInt firstStream(int type) {
    for (int index = 0; index < streamCount(); index++) {
      AVStream stream = stream(index);
      if (stream.codecpar().codec_type() == type
          && (stream.disposition() & AV_DISPOSITION_ATTACHED_PIC) == 0) {
        return OptionalInt.of(index);
      }
    }
    return OptionalInt.empty();
  }

  /** A stream as our track; empty when its codec is none of ours. */
  public Optional<Track> track(int index) {
    return CodecParameters.read(index, stream(index).codecpar());
  }

  /**
   * Reads the next packet of any stream.
   *
   * @return false at the end
   */
  public boolean read(PacketHandle packet) {
    packet.unref();
    interrupt.allow(READ_TIMEOUT_NS);
    int returned = av_read_frame(pointer(), packet.pointer());
    if (returned == AVERROR_EOF()) {
      return false;
    }
    Av.check(returned, "av_read_frame");
    return true;
  }

  /**
   * Goes to the last keyframe of a stream at or before a time; its decoder has to be flushed.
   *
   * @param atUs as {@link #us} gives it
   * @throws HalcyonException IO_FAILED when there is none, or the container cannot
   */
  public void seek(int streamIndex, long atUs) {
    AVRational base = stream(streamIndex).time_base();
    long timestamp =
        Math.ceilDiv(Math.multiplyExact(atUs, (long) base.den()), 1_000_000L * base.num());
    interrupt.allow(READ_TIMEOUT_NS);
    Av.check(
        av_seek_frame(pointer(), streamIndex, timestamp, AVSEEK_FLAG_BACKWARD), "av_seek_frame");
  }

  /** A stream's time stamp in microseconds, to the nearest; {@code AV_NOPTS_VALUE} stays. */
  public long us(int streamIndex, long timestamp) {
    if (timestamp == AV_NOPTS_VALUE) {
      return AV_NOPTS_VALUE;
    }
    AVRational base = stream(streamIndex).time_base();
    return Math.floorDiv(
        Math.multiplyExact(timestamp, 2_000_000L * base.num()) + base.den(), 2L * base.den());
  }

  @Override
  protected void free(AVFormatContext owned) {
    avformat_close_input(owned);
    interrupt.close();
  }
}
