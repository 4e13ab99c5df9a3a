package dev.halcyon.codecs.render;

import static org.bytedeco.ffmpeg.global.avformat.AVSEEK_FLAG_BACKWARD;
import static org.bytedeco.ffmpeg.global.avformat.av_index_search_timestamp;
import static org.bytedeco.ffmpeg.global.avformat.avformat_index_get_entry;
import static org.bytedeco.ffmpeg.global.avformat.avformat_seek_file;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import dev.halcyon.codecs.av.CodecContextHandle;
import dev.halcyon.codecs.av.FrameHandle;
import dev.halcyon.codecs.av.PacketHandle;
import dev.halcyon.codecs.mux.DemuxerHandle;
import dev.halcyon.codecs.probe.ForeignFile;
import dev.halcyon.codecs.video.PictureSize;
import dev.halcyon.core.analysis.TimeSpan;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Orientation;
import dev.halcyon.core.media.VideoFormat;
import dev.halcyon.core.render.RenderSource;
import dev.halcyon.core.render.RenderSource.Scan;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.avformat.AVIndexEntry;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;

/**
 * The pictures of one stream of a file in the order in which they are shown, upright and without
 * fields, each decoded once. What is given depends on the time asked for alone, not on where
 * reading began. One platform thread; closed by who opened it.
 */
final class SourcePictures implements AutoCloseable {
  /**
   * How far before the wanted picture decoding begins at the latest, tried in this order: an index
   * may be wrong.
   */
  private static final long[] LEADS_US = {0, 500_000, 5_000_000, 30_000_000};

  /** The same for pictures of fields, which are made from those beside them. */
  private static final long[] LEADS_OF_FIELDS_US = {500_000, 5_000_000, 30_000_000};

  /** Decoding so little costs less than jumping. */
  private static final long WORTH_A_JUMP_US = 1_000_000;

  private static final long NONE = Long.MIN_VALUE;
  private static final long END = Long.MAX_VALUE;

  private final Path file;
  private final int stream;
  private final long startUs;
  private final Stop stop;
  private final CodecContextHandle decoder;
  private final Orientation orientation;
  private final UprightPictures upright;
  private final long[] leadsUs;
  private final PacketHandle packet = new PacketHandle();
  private final FrameHandle decoded = new FrameHandle();
  private DemuxerHandle demuxer;
  private FrameHandle shown = new FrameHandle();
  private FrameHandle next = new FrameHandle();
  private long shownUs = NONE;
  private long nextUs = NONE;

  /** The earliest time for which {@link #shown} is the answer. */
  private long shownFromUs;

  private double displayRatio = 1;
  private boolean isBeforeKeyframe;

  /** When the keyframe is shown at which decoding began; {@link #END} when it does not say. */
  private long keyframeUs = END;

  private boolean areAllSent;

  private SourcePictures(
      Path file,
      RenderSource source,
      Stop stop,
      DemuxerHandle demuxer,
      CodecContextHandle decoder) {
    this.file = file;
    this.stream = source.pictureStream();
    this.startUs = source.startUs();
    this.stop = stop;
    this.demuxer = demuxer;
    this.decoder = decoder;
    this.orientation =
        demuxer
            .track(stream)
            .map(track -> ((VideoFormat) track.format()).display().orientation())
            .orElse(Orientation.UPRIGHT);
    boolean isOfFields = source.scan() == Scan.INTERLACED;
    this.upright = new UprightPictures(orientation, isOfFields);
    this.leadsUs = isOfFields ? LEADS_OF_FIELDS_US : LEADS_US;
  }

  /**
   * @throws HalcyonException UNSUPPORTED_MEDIA, CORRUPT_MEDIA, IO_FAILED
   */
  static SourcePictures open(Path file, RenderSource source, Stop stop) {
    DemuxerHandle demuxer = ForeignFile.open(file);
    try {
      if (source.pictureStream() >= demuxer.streamCount()) {
        throw new HalcyonException(
            ErrorCode.CORRUPT_MEDIA, "the file has no stream " + source.pictureStream());
      }
      CodecContextHandle decoder =
          CodecContextHandle.decoderOf(demuxer.stream(source.pictureStream()));
      return new SourcePictures(file, source, stop, demuxer, decoder);
    } catch (RuntimeException failure) {
      demuxer.close();
      throw failure;
    }
  }

  /** How wide a picture is shown, for its height; known once one was given. */
  double displayRatio() {
    return displayRatio;
  }

  /**
   * The picture that is shown at a time: the last that begins at or before it, but one that begins
   * in {@code preferred} rather than one from before that. The first before the file's beginning,
   * the last behind its end.
   *
   * @return lent until the next call; not to be written
   * @throws HalcyonException CORRUPT_MEDIA when none can be decoded; CANCELLED
   */
  AVFrame at(long us, TimeSpan preferred) {
    if (shownUs == NONE || us < shownFromUs || isFar(us)) {
      seek(us);
    }
    while (nextUs <= us || (shownUs < preferred.fromUs() && nextUs < preferred.toUs())) {
      step();
    }
    if (shownUs == END) {
      throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "no picture could be decoded");
    }
    shownFromUs = Math.min(shownFromUs, shownUs > us ? preferred.fromUs() : us);
    return shown.pointer();
  }

  /** Whether jumping is worth it: a part of the source was left out, and it leads forward. */
  private boolean isFar(long us) {
    if (nextUs == END || us - nextUs < WORTH_A_JUMP_US) {
      return false;
    }
    AVStream indexed = demuxer.stream(stream);
    int entry =
        av_index_search_timestamp(indexed, timestamp(us - leadsUs[0]), AVSEEK_FLAG_BACKWARD);
    AVIndexEntry keyframe = entry < 0 ? null : avformat_index_get_entry(indexed, entry);
    return keyframe == null
        ? us - nextUs > leadsUs[leadsUs.length - 1]
        : demuxer.us(stream, keyframe.timestamp()) - startUs > nextUs;
  }

  /** In the stream's time base. */
  private long timestamp(long us) {
    AVRational base = demuxer.stream(stream).time_base();
    return Math.floorDiv((us + startUs) * base.den(), base.num() * 1_000_000L);
  }

  /**
   * What is shown before the keyframe but decoded behind it (an open GOP's) cannot be made from
   * there: that needs the keyframe before.
   */
  private void seek(long us) {
    for (long leadUs : leadsUs) {
      if (us <= leadUs) {
        break;
      }
      if (jump(us - leadUs) && shownUs <= us && (leadUs > 0 || keyframeUs <= us)) {
        return;
      }
    }
    if (shownUs != NONE) {
      demuxer.close();
      demuxer = ForeignFile.open(file);
    }
    restart();
    shownFromUs = Long.MIN_VALUE;
  }

  private boolean jump(long us) {
    long timestamp = timestamp(us);
    if (avformat_seek_file(
            demuxer.pointer(), stream, Long.MIN_VALUE, timestamp, timestamp, AVSEEK_FLAG_BACKWARD)
        < 0) {
      return false;
    }
    restart();
    return true;
  }

  private void restart() {
    decoder.flush();
    upright.restart();
    areAllSent = false;
    isBeforeKeyframe = true;
    keyframeUs = END;
    shownUs = NONE;
    load();
    step();
  }

  private void step() {
    FrameHandle passed = shown;
    shown = next;
    shownUs = nextUs;
    shownFromUs = shownUs;
    next = passed;
    if (shownUs != END) {
      load();
    }
  }

  private void load() {
    nextUs = END;
    while (true) {
      stop.check();
      if (upright.receive(next)) {
        nextUs = Math.max(next.pointer().pts(), shownUs == NONE ? NONE : shownUs + 1);
        return;
      }
      if (upright.isEnded()) {
        return;
      }
      if (receive()) {
        hand();
      } else if (areAllSent) {
        upright.end();
      } else {
        sendOne();
      }
    }
  }

  /** Gives a decoded picture on, with its media time. */
  private void hand() {
    AVFrame picture = decoded.pointer();
    if ((picture.flags() & AVFrame.AV_FRAME_FLAG_DISCARD) != 0) {
      return;
    }
    long fileUs = demuxer.us(stream, picture.best_effort_timestamp());
    PictureSize size = PictureSize.shown(picture, orientation);
    displayRatio = (double) size.widthPx() / size.heightPx();
    picture.pts(fileUs == AV_NOPTS_VALUE ? Math.max(shownUs, 0) + 1 : fileUs - startUs);
    upright.send(decoded);
  }

  private void sendOne() {
    try {
      while (demuxer.read(packet)) {
        if (packet.pointer().stream_index() == stream) {
          if (isBeforeKeyframe && packet.isKeyframe()) {
            isBeforeKeyframe = false;
            long pts = packet.pointer().pts();
            keyframeUs = pts == AV_NOPTS_VALUE ? END : demuxer.us(stream, pts) - startUs;
          }
          if (!isBeforeKeyframe) {
            decoder.send(packet);
          }
          return;
        }
      }
    } catch (HalcyonException damaged) {
      if (damaged.code() == ErrorCode.CORRUPT_MEDIA) {
        return;
      }
      // A file that breaks off is rendered as far as it goes.
    }
    areAllSent = true;
    decoder.endPackets();
  }

  /** A picture that cannot be decoded is passed over. */
  private boolean receive() {
    try {
      return decoder.receive(decoded);
    } catch (HalcyonException damaged) {
      return false;
    }
  }

  @Override
  public void close() {
    upright.close();
    shown.close();
    next.close();
    decoded.close();
    packet.close();
    decoder.close();
    demuxer.close();
  }
}
