package dev.halcyon.codecs.analyse;

import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import dev.halcyon.codecs.audio.AudioBlock;
import dev.halcyon.codecs.av.CodecContextHandle;
import dev.halcyon.codecs.av.FrameHandle;
import dev.halcyon.codecs.av.PacketHandle;
import dev.halcyon.codecs.decode.SampleReader;
import dev.halcyon.codecs.mux.DemuxerHandle;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.util.function.Consumer;

/**
 * Turns one sound stream of a file into runs of samples in media time. One platform thread; closed
 * by who made it.
 */
final class SoundDecoder implements AutoCloseable {
  private final DemuxerHandle demuxer;
  private final int stream;
  private final long startUs;
  private final CodecContextHandle decoder;
  private final FrameHandle frame;
  private final SampleReader reader = new SampleReader();
  private long nextUs;
  private long damagedPackets;

  /**
   * @param startUs the file's time at media time 0
   */
  SoundDecoder(DemuxerHandle demuxer, int stream, long startUs) {
    this.demuxer = demuxer;
    this.stream = stream;
    this.startUs = startUs;
    decoder = CodecContextHandle.decoderOf(demuxer.stream(stream));
    try {
      frame = new FrameHandle();
    } catch (RuntimeException failure) {
      decoder.close();
      throw failure;
    }
  }

  /**
   * @param sink is lent each run of sound; called on this thread
   */
  void decode(PacketHandle packet, Consumer<AudioBlock> sink) {
    if (packet.pointer().size() == 0) {
      return; // FFmpeg would take it for the end
    }
    try {
      decoder.send(packet);
    } catch (HalcyonException damaged) {
      passOver(damaged);
      return;
    }
    receive(sink);
  }

  /** No packet follows. */
  void end(Consumer<AudioBlock> sink) {
    decoder.endPackets();
    receive(sink);
  }

  private void receive(Consumer<AudioBlock> sink) {
    try {
      while (decoder.receive(frame)) {
        long stamp = frame.pointer().best_effort_timestamp();
        long atUs = stamp == AV_NOPTS_VALUE ? nextUs : demuxer.us(stream, stamp) - startUs;
        AudioBlock block = reader.read(frame.pointer(), atUs);
        nextUs = block.endUs();
        if (block.samples() > 0) {
          sink.accept(block);
        }
      }
    } catch (HalcyonException damaged) {
      passOver(damaged);
    }
  }

  private void passOver(HalcyonException damaged) {
    if (damaged.code() == ErrorCode.WOULD_BLOCK || damaged.code() == ErrorCode.INTERNAL) {
      throw damaged;
    }
    damagedPackets++;
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
