package dev.halcyon.codecs.mux;

import static org.bytedeco.ffmpeg.global.avcodec.AVDISCARD_ALL;
import static org.bytedeco.ffmpeg.global.avformat.AV_DISPOSITION_ATTACHED_PIC;
import static org.bytedeco.ffmpeg.global.avformat.av_read_frame;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_find_stream_info;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EIO;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_EOF;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_free;
import static org.bytedeco.ffmpeg.global.avutil.av_dict_set;

import dev.halcyon.codecs.av.Av;
import dev.halcyon.codecs.av.NativeHandle;
import dev.halcyon.codecs.av.NativeMemory;
import dev.halcyon.codecs.av.PacketHandle;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Track;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerPointer;

/**
 * Reads a foreign container from a {@link ByteFeed}, as it comes: MPEG-TS, MP4 and its fragments,
 * FLV, Matroska. FFmpeg sees these bytes and nothing else: it opens no file and no address,
 * whatever the media names. One platform thread; closed by who opened it.
 */
public final class FeedDemuxer extends NativeHandle<AVFormatContext> {
  private static final Map<String, String> OPTIONS =
      Map.of(
          "format_whitelist",
          "mpegts,mov,mp4,m4a,3gp,3g2,mj2,flv,matroska,webm",
          "codec_whitelist",
          "h264,hevc,vp8,vp9,av1,libdav1d,aac,mp3,mp3float,opus,libopus,flac,ac3",
          // No protocol has this name.
          "protocol_whitelist",
          "none",
          "enable_drefs",
          "0",
          "probesize",
          "5000000",
          "analyzeduration",
          "3000000",
          "max_streams",
          "32",
          // A source's own stamps: what begins anew is counted on here.
          "correct_ts_overflow",
          "0",
          // Its frame rate is of no use, and would have to be waited for.
          "fpsprobesize",
          "0");

  private static final int MAX_PACKET_BYTES = 64 << 20;

  private static final int NONE = -1;

  /** A hundred years. */
  private static final double MAX_US = 3.2e15;

  private static final Refusal REFUSAL = new Refusal();

  private final FeedHandle io;
  private final PacketHandle packet = new PacketHandle();
  private final List<Track> tracks = new ArrayList<>();
  private final int[] trackOfStream;
  private TickUnwrapper ticks;

  /**
   * One packet as the container has it.
   *
   * @param payload only valid until the next one is read; as the container frames it
   */
  public record Unit(Track track, boolean isKeyframe, long ptsUs, long dtsUs, ByteBuffer payload) {}

  private FeedDemuxer(AVFormatContext owned, FeedHandle io) {
    super(NativeMemory.Tag.FORMAT, owned);
    this.io = io;
    this.trackOfStream = new int[owned.nb_streams()];
    Arrays.fill(trackOfStream, NONE);
    choose(false);
    choose(true);
    passOverOthers();
  }

  /**
   * Reads as far as to know the tracks; the first of each kind is taken.
   *
   * @throws HalcyonException CORRUPT_MEDIA, UNSUPPORTED_MEDIA; what the feed threw when that was a
   *     {@code HalcyonException}, else NETWORK_LOST
   */
  public static FeedDemuxer open(ByteFeed feed) {
    FeedHandle io = FeedHandle.open(feed);
    AVFormatContext context;
    try {
      context = opened(io);
    } catch (RuntimeException failure) {
      io.close();
      throw failure;
    }
    FeedDemuxer demuxer = new FeedDemuxer(context, io);
    if (demuxer.tracks.isEmpty()) {
      demuxer.close();
      throw new HalcyonException(
          ErrorCode.UNSUPPORTED_MEDIA, "neither a picture nor a sound that is taken");
    }
    return demuxer;
  }

  private static AVFormatContext opened(FeedHandle io) {
    AVFormatContext context = Av.checkNotNull(avformat_alloc_context(), "avformat_alloc_context");
    context.pb(io.pointer());
    context.io_open(REFUSAL);
    AVDictionary options = new AVDictionary(null);
    try {
      OPTIONS.forEach(
          (name, value) -> Av.check(av_dict_set(options, name, value, 0), "av_dict_set"));
      // On failure FFmpeg frees the context itself.
      int returned = avformat_open_input(context, (String) null, null, options);
      check(returned, io, "this is no stream or file of a kind that is taken");
    } finally {
      av_dict_free(options);
    }
    try {
      int returned = avformat_find_stream_info(context, (AVDictionary) null);
      check(returned, io, "its beginning cannot be read");
      return context;
    } catch (RuntimeException failure) {
      avformat_close_input(context);
      throw failure;
    }
  }

  private static void check(int returned, FeedHandle io, String what) {
    if (io.failure().isPresent()) {
      throw failed(io.failure().get());
    }
    if (returned < 0) {
      throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, what);
    }
  }

  private static HalcyonException failed(Throwable thrown) {
    return thrown instanceof HalcyonException stated
        ? stated
        : new HalcyonException(ErrorCode.NETWORK_LOST, String.valueOf(thrown.getMessage()), thrown);
  }

  /** Takes the first stream of a kind that is no cover picture. */
  private void choose(boolean isSound) {
    for (int index = 0; index < trackOfStream.length; index++) {
      AVStream stream = pointer().streams(index);
      boolean isPoster = (stream.disposition() & AV_DISPOSITION_ATTACHED_PIC) != 0;
      Optional<Track> track = isPoster ? Optional.empty() : track(stream);
      if (track.isPresent() && track.get().isVideo() != isSound) {
        trackOfStream[index] = tracks.size();
        tracks.add(track.get());
        return;
      }
    }
  }

  /** The stream as our next track; empty when it is none of ours, or says what cannot be. */
  private Optional<Track> track(AVStream stream) {
    try {
      return CodecParameters.read(tracks.size(), stream.codecpar());
    } catch (IllegalArgumentException outOfRange) {
      return Optional.empty();
    }
  }

  private void passOverOthers() {
    int bits = 64;
    for (int index = 0; index < trackOfStream.length; index++) {
      AVStream stream = pointer().streams(index);
      if (trackOfStream[index] == NONE) {
        stream.discard(AVDISCARD_ALL);
      } else {
        bits = Math.min(bits, stream.pts_wrap_bits());
      }
    }
    ticks = new TickUnwrapper(bits >= 60 ? 64 : bits);
  }

  /** The tracks as the container describes them: a picture first, then a sound. */
  public List<Track> tracks() {
    return List.copyOf(tracks);
  }

  /**
   * The next packet of a track.
   *
   * @return empty at the end
   * @throws HalcyonException CORRUPT_MEDIA; what the feed threw
   */
  public Optional<Unit> read() {
    while (true) {
      packet.unref();
      int returned = av_read_frame(pointer(), packet.pointer());
      if (io.failure().isPresent()) {
        throw failed(io.failure().get());
      }
      if (returned == AVERROR_EOF()) {
        return Optional.empty();
      }
      Av.check(returned, "av_read_frame");
      Optional<Unit> unit = unit(packet.pointer());
      if (unit.isPresent()) {
        return unit;
      }
    }
  }

  /** FFmpeg's mark of corruption is not heeded: it is set where a segment's counters begin anew. */
  private Optional<Unit> unit(AVPacket raw) {
    int stream = raw.stream_index();
    int track = stream < trackOfStream.length ? trackOfStream[stream] : NONE;
    boolean isTimed = raw.dts() != AV_NOPTS_VALUE || raw.pts() != AV_NOPTS_VALUE;
    if (track == NONE || !isTimed || raw.size() < 1 || raw.size() > MAX_PACKET_BYTES) {
      return Optional.empty();
    }
    AVRational base = pointer().streams(stream).time_base();
    long dts = ticks.unwrap(raw.dts() == AV_NOPTS_VALUE ? raw.pts() : raw.dts());
    long pts = raw.pts() == AV_NOPTS_VALUE ? dts : ticks.near(raw.pts(), dts);
    return Optional.of(
        new Unit(
            tracks.get(track),
            packet.isKeyframe(),
            us(pts, base),
            us(dts, base),
            packet.payload()));
  }

  /** To the nearest microsecond; a stamp that no clock can have is as far away as can be. */
  private static long us(long stamp, AVRational base) {
    double approximateUs = (double) stamp * 1e6 * base.num() / base.den();
    if (Math.abs(approximateUs) > MAX_US) {
      throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "a time stamp beyond all bounds");
    }
    long whole = Math.floorDiv(stamp * base.num(), (long) base.den());
    long rest = Math.floorMod(stamp * base.num(), (long) base.den());
    return whole * 1_000_000 + (rest * 1_000_000 + base.den() / 2) / base.den();
  }

  @Override
  protected void free(AVFormatContext owned) {
    packet.close();
    avformat_close_input(owned);
    io.close();
  }

  /** What a container names is not opened. */
  @SuppressWarnings("rawtypes") // As JavaCPP declares it.
  private static final class Refusal
      extends AVFormatContext
          .Io_open_AVFormatContext_PointerPointer_BytePointer_int_PointerPointer {
    @Override
    public int call(
        AVFormatContext context,
        PointerPointer opened,
        BytePointer url,
        int flags,
        PointerPointer options) {
      return AVERROR_EIO();
    }
  }
}
