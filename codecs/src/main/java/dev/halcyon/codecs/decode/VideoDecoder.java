package dev.halcyon.codecs.decode;

import static org.bytedeco.ffmpeg.global.avcodec.AVDISCARD_ALL;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_LOW_DELAY;
import static org.bytedeco.ffmpeg.global.avcodec.AV_CODEC_FLAG_OUTPUT_CORRUPT;
import static org.bytedeco.ffmpeg.global.avcodec.FF_COMPLIANCE_STRICT;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import dev.halcyon.codecs.av.CodecContextHandle;
import dev.halcyon.codecs.av.CodecIds;
import dev.halcyon.codecs.av.FrameHandle;
import dev.halcyon.codecs.av.PacketHandle;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.VideoFormat;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.function.Consumer;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Turns one video track's packets into pictures, single-threaded. Used on one platform thread; owns
 * its native objects; closed by who made it.
 */
public final class VideoDecoder implements AutoCloseable {
  /** Which pictures are wanted. */
  public enum Mode {
    /** Every picture, in presentation order; {@link #drain} gives the last ones. */
    ALL,
    /**
     * As ALL, also the damaged ones, and none is passed over because the coded media does not say
     * how far it reorders: with the longest delay that it may have.
     */
    EVERY,
    /** Keyframes, each at once: no packet has to follow it. Others are not even looked at. */
    KEYFRAMES,
    /** As KEYFRAMES, without the loop filter: for pictures that are scaled down and measured. */
    COARSE_KEYFRAMES
  }

  /** 8192 × 8192; a bound on what a hostile parameter set can make the decoder allocate. */
  private static final long MAX_PIXELS = 8192L * 8192;

  /** FFmpeg's macro, which JavaCPP does not map. */
  private static final int AV_FRAME_FLAG_CORRUPT = 1;

  private final Mode mode;
  private final PacketHandle packet;
  private final FrameHandle frame;
  private CodecContextHandle codec;
  private VideoFormat format;
  private long corruptPackets;

  /**
   * @throws HalcyonException UNSUPPORTED_MEDIA or CORRUPT_MEDIA when no decoder takes the format
   */
  public VideoDecoder(VideoFormat format, Mode mode) {
    this.mode = mode;
    this.format = format;
    codec = open(format, mode);
    PacketHandle openedPacket = null;
    try {
      openedPacket = new PacketHandle();
      frame = new FrameHandle();
    } catch (RuntimeException failure) {
      codec.close();
      if (openedPacket != null) {
        openedPacket.close();
      }
      throw failure;
    }
    packet = openedPacket;
  }

  private static CodecContextHandle open(VideoFormat format, Mode mode) {
    CodecContextHandle codec = CodecContextHandle.decoder(CodecIds.of(format.codec()));
    try {
      AVCodecContext context = codec.pointer();
      context.max_pixels(MAX_PIXELS);
      if (mode == Mode.EVERY) {
        context.flags(context.flags() | AV_CODEC_FLAG_OUTPUT_CORRUPT);
        context.strict_std_compliance(FF_COMPLIANCE_STRICT);
      } else {
        context.flags(context.flags() | AV_CODEC_FLAG_LOW_DELAY);
      }
      context.pkt_timebase().num(1).den(1_000_000);
      if (mode == Mode.COARSE_KEYFRAMES) {
        context.skip_loop_filter(AVDISCARD_ALL);
      }
      codec.setExtradata(CodecIds.extradata(format));
      codec.open(Map.of());
      return codec;
    } catch (RuntimeException failure) {
      codec.close();
      throw failure;
    }
  }

  /**
   * Goes on with another configuration of the track. When it cannot be opened the decoder stays as
   * it was.
   */
  public void reconfigure(VideoFormat next) {
    if (next.equals(format)) {
      return;
    }
    CodecContextHandle opened = open(next, mode);
    codec.close();
    codec = opened;
    format = next;
  }

  /**
   * Decodes one packet. What cannot be decoded, or only with damage, is counted and passed over.
   *
   * @param payload from position to limit; the position stays
   * @param sink called on this thread; a picture is lent for the call
   */
  public void decode(ByteBuffer payload, boolean isKeyframe, long ptsUs, Consumer<Picture> sink) {
    if (!isWhole() && !isKeyframe) {
      return;
    }
    if (!payload.hasRemaining()) {
      corruptPackets++; // FFmpeg would take an empty packet for the end of the track
      return;
    }
    packet.fill(payload, isKeyframe, ptsUs, AV_NOPTS_VALUE);
    if (isDone(() -> codec.send(packet))) {
      if (isWhole()) {
        receiveAll(sink);
      } else {
        drain(sink);
      }
    }
  }

  private boolean isWhole() {
    return mode == Mode.ALL || mode == Mode.EVERY;
  }

  /** Gives the pictures that the decoder still holds back for reordering; more may follow. */
  public void drain(Consumer<Picture> sink) {
    if (isDone(codec::endPackets)) {
      receiveAll(sink);
    }
    codec.flush();
  }

  private void receiveAll(Consumer<Picture> sink) {
    while (isReceived()) {
      AVFrame decoded = frame.pointer();
      boolean isDamaged =
          decoded.decode_error_flags() != 0 || (decoded.flags() & AV_FRAME_FLAG_CORRUPT) != 0;
      if (isDamaged) {
        corruptPackets++;
      }
      if (!isDamaged || mode == Mode.EVERY) {
        sink.accept(new Picture(decoded.pts(), decoded));
      }
    }
    frame.unref();
  }

  private boolean isReceived() {
    boolean[] isReceived = new boolean[1];
    return isDone(() -> isReceived[0] = codec.receive(frame)) && isReceived[0];
  }

  /** FFmpeg states damage by many codes: invalid data, but also EINVAL or ENOSYS. */
  private boolean isDone(Runnable call) {
    try {
      call.run();
      return true;
    } catch (HalcyonException failure) {
      switch (failure.code()) {
        case CORRUPT_MEDIA, UNSUPPORTED_MEDIA, IO_FAILED, NETWORK_LOST -> corruptPackets++;
        default -> throw failure;
      }
      return false;
    }
  }

  /** How many packets could not be decoded, or only with damage. */
  public long corruptPackets() {
    return corruptPackets;
  }

  /** What the packets are decoded by now. */
  public VideoFormat format() {
    return format;
  }

  @Override
  public void close() {
    frame.close();
    packet.close();
    codec.close();
  }
}
