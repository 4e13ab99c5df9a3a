package dev.halcyon.codecs.video;

import static org.bytedeco.ffmpeg.global.avformat.AVSEEK_FLAG_BACKWARD;
import static org.bytedeco.ffmpeg.global.avformat.av_index_search_timestamp;
import static org.bytedeco.ffmpeg.global.avformat.avformat_index_get_entry;
import static org.bytedeco.ffmpeg.global.avformat.avformat_seek_file;
import static org.bytedeco.ffmpeg.global.avutil.AVMEDIA_TYPE_VIDEO;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import dev.halcyon.codecs.av.CodecContextHandle;
import dev.halcyon.codecs.av.FrameHandle;
import dev.halcyon.codecs.av.PacketHandle;
import dev.halcyon.codecs.decode.Picture;
import dev.halcyon.codecs.mux.DemuxerHandle;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Orientation;
import dev.halcyon.core.media.VideoFormat;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.bytedeco.ffmpeg.avformat.AVIndexEntry;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;

/**
 * Finds the pictures of a file by the times at which a player shows them, edit lists honoured.
 * Going forward is cheap: keyframes are jumped to, nothing is decoded twice. One platform thread;
 * closed by who opened it.
 */
public final class PictureFinder implements AutoCloseable {
  /** Jumping costs more than decoding so little. */
  private static final long WORTH_A_JUMP_US = 500_000;

  private static final long NONE = Long.MIN_VALUE;
  private static final long END = Long.MAX_VALUE;

  private final DemuxerHandle demuxer;
  private final int stream;
  private final CodecContextHandle decoder;

  /** How much later than it is decoded a picture is shown. */
  private final long reorderUs;

  private final PacketHandle packet = new PacketHandle();
  private FrameHandle shown = new FrameHandle();
  private FrameHandle next = new FrameHandle();
  private long shownUs = NONE;
  private long nextUs = NONE;
  private boolean areAllSent;
  private int budgetFrames;

  private PictureFinder(
      DemuxerHandle demuxer, int stream, CodecContextHandle decoder, int budgetFrames) {
    this.demuxer = demuxer;
    this.stream = stream;
    this.decoder = decoder;
    this.reorderUs =
        demuxer.stream(stream).codecpar().video_delay() * pictureUs(demuxer.stream(stream));
    this.budgetFrames = budgetFrames;
  }

  /**
   * @param budgetFrames pictures that are decoded at most; then the last one stands for all others
   * @throws HalcyonException UNSUPPORTED_MEDIA when the file has no pictures; CORRUPT_MEDIA,
   *     IO_FAILED when it cannot be read
   */
  public static PictureFinder open(Path file, int budgetFrames) {
    DemuxerHandle demuxer = DemuxerHandle.ofFile(file);
    try {
      int stream =
          demuxer
              .firstStream(AVMEDIA_TYPE_VIDEO)
              .orElseThrow(
                  () ->
                      new HalcyonException(
                          ErrorCode.UNSUPPORTED_MEDIA, "the file has no pictures"));
      CodecContextHandle decoder = CodecContextHandle.decoderOf(demuxer.stream(stream));
      return new PictureFinder(demuxer, stream, decoder, budgetFrames);
    } catch (RuntimeException failure) {
      demuxer.close();
      throw failure;
    }
  }

  /** How long the file is shown; 0 where it does not say. */
  public long lengthUs() {
    return Math.max(0, demuxer.pointer().duration());
  }

  /** How long a picture lasts on average; 0 where it is not known. */
  public long pictureUs() {
    return pictureUs(demuxer.stream(stream));
  }

  private static long pictureUs(AVStream stream) {
    AVRational rate = stream.avg_frame_rate();
    return rate.num() <= 0 || rate.den() <= 0
        ? 0
        : Math.ceilDiv(1_000_000L * rate.den(), rate.num());
  }

  /** How a player turns the pictures. */
  public Orientation orientation() {
    return demuxer
        .track(stream)
        .map(track -> ((VideoFormat) track.format()).display().orientation())
        .orElse(Orientation.UPRIGHT);
  }

  /**
   * A time at which little but the last keyframe at or before {@code us} has to be decoded: that
   * keyframe is shown then, or one of the pictures behind it. 0 where none is known.
   */
  public long keyframeUs(long us) {
    long keyframeUs = indexedKeyframeUs(us);
    return keyframeUs < 0 ? 0 : keyframeUs + pictureUs();
  }

  /**
   * The picture that is shown at a time: the first before it, the last behind the end.
   *
   * @return lent until the next call
   * @throws HalcyonException CORRUPT_MEDIA when none can be decoded; IO_FAILED when interrupted
   */
  public Picture at(long us) {
    if (shownUs == NONE) {
      load();
      step();
    }
    if (us < shownUs || isJumpWorthIt(us)) {
      jump(us);
    }
    while (nextUs <= us && budgetFrames > 0) {
      step();
    }
    if (shownUs == END) {
      throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "no picture could be decoded");
    }
    return new Picture(shownUs, shown.pointer());
  }

  /** Every picture from the first on, in the order in which they are shown; lent for each call. */
  public void each(Consumer<Picture> sink) {
    at(0);
    while (shownUs != END) {
      sink.accept(new Picture(shownUs, shown.pointer()));
      step();
    }
  }

  private boolean isJumpWorthIt(long us) {
    return nextUs != END && indexedKeyframeUs(us) > nextUs + WORTH_A_JUMP_US;
  }

  /** About when it is shown; {@link #NONE} where the file has no index. */
  private long indexedKeyframeUs(long us) {
    AVStream indexed = demuxer.stream(stream);
    AVRational base = indexed.time_base();
    // An index has the times at which packets are decoded.
    long timestamp = (us - reorderUs) * base.den() / Math.max(1, base.num()) / 1_000_000;
    int entry = av_index_search_timestamp(indexed, timestamp, AVSEEK_FLAG_BACKWARD);
    AVIndexEntry found = entry < 0 ? null : avformat_index_get_entry(indexed, entry);
    return found == null ? NONE : demuxer.us(stream, found.timestamp()) + reorderUs;
  }

  /** Goes on at the keyframe before a time; stays where it is when the file cannot do that. */
  private void jump(long us) {
    if (avformat_seek_file(demuxer.pointer(), -1, Long.MIN_VALUE, us, us, AVSEEK_FLAG_BACKWARD)
        < 0) {
      return;
    }
    decoder.flush();
    areAllSent = false;
    load();
    if (nextUs != END) {
      step();
    }
  }

  private void step() {
    FrameHandle passed = shown;
    shown = next;
    shownUs = nextUs;
    next = passed;
    load();
  }

  /** Decodes the next picture that is shown. */
  private void load() {
    nextUs = decodeNext() ? timeOf(next.pointer()) : END;
  }

  private long timeOf(AVFrame picture) {
    long us = demuxer.us(stream, picture.best_effort_timestamp());
    return us == AV_NOPTS_VALUE ? Math.max(0, shownUs) + 1 : us;
  }

  private boolean decodeNext() {
    while (true) {
      if (Thread.currentThread().isInterrupted()) {
        throw new HalcyonException(ErrorCode.IO_FAILED, "the work was stopped");
      }
      if (receive()) {
        budgetFrames--;
        if ((next.pointer().flags() & AVFrame.AV_FRAME_FLAG_DISCARD) == 0) {
          return true;
        }
      } else if (areAllSent) {
        return false;
      } else {
        sendOne();
      }
    }
  }

  private void sendOne() {
    try {
      while (demuxer.read(packet)) {
        if (packet.pointer().stream_index() == stream) {
          decoder.send(packet);
          return;
        }
      }
    } catch (HalcyonException damaged) {
      if (damaged.code() == ErrorCode.CORRUPT_MEDIA) {
        return;
      }
      // A file that breaks off is shown as far as it goes.
    }
    areAllSent = true;
    decoder.endPackets();
  }

  /** A picture that cannot be decoded is passed over. */
  private boolean receive() {
    try {
      return decoder.receive(next);
    } catch (HalcyonException damaged) {
      return false;
    }
  }

  @Override
  public void close() {
    shown.close();
    next.close();
    packet.close();
    decoder.close();
    demuxer.close();
  }
}
