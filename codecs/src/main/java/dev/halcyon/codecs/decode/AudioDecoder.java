package dev.halcyon.codecs.decode;

import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.av_channel_layout_default;

import dev.halcyon.codecs.audio.AudioBlock;
import dev.halcyon.codecs.av.CodecContextHandle;
import dev.halcyon.codecs.av.CodecIds;
import dev.halcyon.codecs.av.FrameHandle;
import dev.halcyon.codecs.av.PacketHandle;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.AudioFormat;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.function.Consumer;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;

/**
 * Turns one audio track's packets into planar floats at the source's rate and channels, which may
 * differ from what the format announced (HE-AAC) and may change. Used on one platform thread; owns
 * its native objects; closed by who made it.
 */
public final class AudioDecoder implements AutoCloseable {
  private final CodecContextHandle codec;
  private final PacketHandle packet;
  private final FrameHandle frame;
  private final SampleReader reader = new SampleReader();
  private long corruptPackets;
  private long nextPtsUs;

  /**
   * @throws HalcyonException UNSUPPORTED_MEDIA or CORRUPT_MEDIA when no decoder takes the format
   */
  public AudioDecoder(AudioFormat format) {
    codec = CodecContextHandle.decoder(CodecIds.of(format.codec()));
    PacketHandle openedPacket = null;
    try {
      AVCodecContext context = codec.pointer();
      context.sample_rate(format.sampleRateHz());
      av_channel_layout_default(context.ch_layout(), format.channels());
      context.pkt_timebase().num(1).den(1_000_000);
      codec.setExtradata(CodecIds.extradata(format));
      codec.open(Map.of());
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

  /**
   * Decodes one packet. What cannot be decoded is counted and passed over.
   *
   * @param payload from position to limit; the position stays
   * @param sink called on this thread, for each run of sound; a run is lent for the call
   */
  public void decode(ByteBuffer payload, long ptsUs, Consumer<AudioBlock> sink) {
    if (!payload.hasRemaining()) {
      corruptPackets++; // FFmpeg would take an empty packet for the end of the track
      return;
    }
    packet.fill(payload, true, ptsUs, ptsUs);
    nextPtsUs = ptsUs;
    try {
      codec.send(packet);
    } catch (HalcyonException failure) {
      passOver(failure);
      return;
    }
    for (AudioBlock block = next(); block != null; block = next()) {
      if (block.samples() > 0) {
        sink.accept(block);
      }
    }
  }

  /** The next run of sound, or null when the packet gives no more. */
  private AudioBlock next() {
    try {
      if (!codec.receive(frame)) {
        return null;
      }
      long framePtsUs = frame.pointer().pts();
      AudioBlock block =
          reader.read(frame.pointer(), framePtsUs == AV_NOPTS_VALUE ? nextPtsUs : framePtsUs);
      nextPtsUs = block.endUs();
      return block;
    } catch (HalcyonException failure) {
      passOver(failure);
      return null;
    }
  }

  /** FFmpeg states damage by many codes: invalid data, but also EINVAL or ENOSYS. */
  private void passOver(HalcyonException failure) {
    switch (failure.code()) {
      case CORRUPT_MEDIA, UNSUPPORTED_MEDIA, IO_FAILED, NETWORK_LOST -> corruptPackets++;
      default -> throw failure;
    }
  }

  /** Forgets what came before, as after a jump in time. */
  public void flush() {
    codec.flush();
  }

  /** How many packets could not be decoded. */
  public long corruptPackets() {
    return corruptPackets;
  }

  @Override
  public void close() {
    frame.close();
    packet.close();
    codec.close();
  }
}
