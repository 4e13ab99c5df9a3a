package dev.halcyon.codecs.analyse;

import static org.bytedeco.ffmpeg.global.avcodec.AVDISCARD_ALL;
import static org.bytedeco.ffmpeg.global.avcodec.AVDISCARD_NONKEY;
import static org.bytedeco.ffmpeg.global.avcodec.AVDISCARD_NONREF;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import dev.halcyon.codecs.av.CodecContextHandle;
import dev.halcyon.codecs.av.FrameHandle;
import dev.halcyon.codecs.av.PacketHandle;
import dev.halcyon.codecs.mux.DemuxerHandle;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Turns the pictures of a file into frames in media time, on as many threads of FFmpeg's own as are
 * asked for: while the caller looks at one picture the next ones are decoded. One platform thread;
 * closed by who made it.
 */
final class PictureDecoder implements AutoCloseable {
  /** Which pictures are decoded. */
  enum Mode {
    ALL,
    KEYFRAMES
  }

  /** Takes pictures in the order of presentation; each is lent for the call. */
  @FunctionalInterface
  interface Sink {
    void onPicture(AVFrame picture, long atUs);
  }

  /** 4K, rounded up to whole blocks: larger pictures than were probed are damage, or an attack. */
  private static final long MOST_PIXELS = 4096L * 2304;

  /** A decoder that gives nothing but errors is not asked again for the same packet. */
  private static final int MAX_ERRORS_IN_A_ROW = 64;

  private final DemuxerHandle demuxer;
  private final int stream;
  private final long startUs;
  private final Sink sink;
  private final CodecContextHandle decoder;
  private final FrameHandle frame;
  private long damagedPackets;
  private long endUs = Long.MIN_VALUE;

  /**
   * @param sink is lent each picture
   */
  PictureDecoder(AnalysisInput input, Mode mode, Sink sink) {
    this.demuxer = input.demuxer();
    this.stream = input.picture().orElseThrow();
    this.startUs = input.probe().startUs();
    this.sink = sink;
    decoder =
        CodecContextHandle.decoderOf(
            demuxer.stream(stream),
            context -> {
              setUp(context, mode, input.options().threads());
              context.max_pixels(Math.max(MOST_PIXELS, 2 * pixels(input)));
            });
    try {
      frame = new FrameHandle();
    } catch (RuntimeException failure) {
      decoder.close();
      throw failure;
    }
  }

  private static long pixels(AnalysisInput input) {
    return input
        .probe()
        .picture()
        .map(picture -> (long) picture.codedWidthPx() * picture.codedHeightPx())
        .orElse(0L);
  }

  private static void setUp(AVCodecContext context, Mode mode, int threads) {
    // One more than there are cores, so that none waits while a finished picture is looked at.
    context
        .thread_count(threads + 1)
        .thread_type(AVCodecContext.FF_THREAD_FRAME | AVCodecContext.FF_THREAD_SLICE);
    if (mode == Mode.KEYFRAMES) {
      context.skip_frame(AVDISCARD_NONKEY).skip_loop_filter(AVDISCARD_ALL);
    } else {
      // Nothing is predicted from these: what the filter would smooth vanishes as they are scaled.
      context.skip_loop_filter(AVDISCARD_NONREF);
    }
  }

  void decode(PacketHandle packet) {
    if (packet.pointer().size() == 0) {
      return; // FFmpeg would take it for the end
    }
    try {
      decoder.send(packet);
    } catch (HalcyonException damaged) {
      passOver(damaged);
    }
    receive();
  }

  /** No packet follows before {@link #restart}. */
  void end() {
    try {
      decoder.endPackets();
    } catch (HalcyonException damaged) {
      passOver(damaged);
    }
    receive();
  }

  /** Begins anew, as after a jump in time. */
  void restart() {
    decoder.flush();
  }

  private void receive() {
    int errors = 0;
    while (errors < MAX_ERRORS_IN_A_ROW) {
      try {
        if (!decoder.receive(frame)) {
          return;
        }
      } catch (HalcyonException damaged) {
        passOver(damaged);
        errors++;
        continue;
      }
      onFrame(frame.pointer());
    }
  }

  private void onFrame(AVFrame picture) {
    long stamp = picture.best_effort_timestamp();
    if (stamp == AV_NOPTS_VALUE) {
      return;
    }
    long atUs = demuxer.us(stream, stamp) - startUs;
    endUs = Math.max(endUs, atUs + Math.max(1, demuxer.us(stream, picture.duration())));
    sink.onPicture(picture, atUs);
  }

  private void passOver(HalcyonException damaged) {
    if (damaged.code() == ErrorCode.WOULD_BLOCK || damaged.code() == ErrorCode.INTERNAL) {
      throw damaged;
    }
    damagedPackets++;
  }

  /** When the last picture so far ends, in media time. */
  long endUs() {
    return endUs;
  }

  long damagedPackets() {
    return damagedPackets;
  }

  @Override
  public void close() {
    frame.close();
    decoder.close();
  }
}
