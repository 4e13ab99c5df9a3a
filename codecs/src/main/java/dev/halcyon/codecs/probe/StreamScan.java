package dev.halcyon.codecs.probe;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_FLAG_DISCARD;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import dev.halcyon.codecs.av.CodecContextHandle;
import dev.halcyon.codecs.av.FrameHandle;
import dev.halcyon.codecs.av.PacketHandle;
import dev.halcyon.codecs.mux.DemuxerHandle;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.util.function.Consumer;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * One stream of a file while all of its packets are read: when it begins and ends, and its first
 * frames decoded. One platform thread; closed by who made it.
 */
final class StreamScan implements AutoCloseable {
  /** Frames that are decoded: what is told by them shows in the first few. */
  private static final int DECODED = 8;

  /** A decoder that has given nothing by then gives nothing. */
  private static final int MAX_TRIED_PACKETS = 600;

  private final DemuxerHandle demuxer;
  private final int index;
  private final Consumer<AVFrame> sink;
  private final FrameHandle frame = new FrameHandle();
  private CodecContextHandle decoder;
  private int tried;
  private int decoded;
  private long packets;
  private long firstUs = Long.MAX_VALUE;
  private long firstPacketUs = Long.MAX_VALUE;
  private long endUs = Long.MIN_VALUE;
  private final IntervalHistogram intervals = new IntervalHistogram();

  /**
   * @param sink is lent each of the first frames
   */
  StreamScan(DemuxerHandle demuxer, int index, Consumer<AVFrame> sink) {
    this.demuxer = demuxer;
    this.index = index;
    this.sink = sink;
    try {
      decoder = CodecContextHandle.decoderOf(demuxer.stream(index));
    } catch (HalcyonException refused) {
      decoder = null;
    } catch (RuntimeException failure) {
      frame.close();
      throw failure;
    }
  }

  /** Takes a packet of this stream. */
  void onPacket(PacketHandle packet) {
    AVPacket raw = packet.pointer();
    long stamp = raw.pts() == AV_NOPTS_VALUE ? raw.dts() : raw.pts();
    if (stamp != AV_NOPTS_VALUE && (raw.flags() & AV_PKT_FLAG_DISCARD) == 0) {
      long ptsUs = demuxer.us(index, stamp);
      packets++;
      firstPacketUs = Math.min(firstPacketUs, ptsUs);
      endUs = Math.max(endUs, ptsUs + demuxer.us(index, Math.max(0, raw.duration())));
      intervals.add(ptsUs);
    }
    if (decoder != null) {
      decode(packet);
    }
  }

  private void decode(PacketHandle packet) {
    try {
      decoder.send(packet);
      receive();
    } catch (HalcyonException damaged) {
      requireNotFull(damaged);
    }
    if (decoded >= DECODED || ++tried >= MAX_TRIED_PACKETS) {
      closeDecoder();
    }
  }

  /** No packet follows. */
  void end() {
    intervals.end();
    if (decoder != null) {
      try {
        decoder.endPackets();
        receive();
      } catch (HalcyonException damaged) {
        requireNotFull(damaged);
      }
      closeDecoder();
    }
  }

  private static void requireNotFull(HalcyonException damaged) {
    if (damaged.code() == ErrorCode.WOULD_BLOCK) {
      throw damaged;
    }
  }

  private void receive() {
    while (decoder.receive(frame)) {
      long stamp = frame.pointer().best_effort_timestamp();
      if (stamp != AV_NOPTS_VALUE) {
        firstUs = Math.min(firstUs, demuxer.us(index, stamp));
      }
      decoded++;
      sink.accept(frame.pointer());
    }
  }

  int index() {
    return index;
  }

  /** Whether anything of it could be decoded. */
  boolean isDecodable() {
    return decoded > 0;
  }

  long packets() {
    return packets;
  }

  /** When its first frame is presented, by the file's own time. */
  long firstUs() {
    return firstUs == Long.MAX_VALUE ? firstPacketUs : firstUs;
  }

  /** When the last of it ends, by the file's own time; not after its begin when it has nothing. */
  long endUs() {
    return endUs;
  }

  boolean isVariable() {
    return intervals.isVariable();
  }

  private void closeDecoder() {
    if (decoder != null) {
      decoder.close();
      decoder = null;
    }
  }

  @Override
  public void close() {
    closeDecoder();
    frame.close();
  }
}
