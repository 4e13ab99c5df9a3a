package dev.halcyon.codecs.render;

import static org.bytedeco.ffmpeg.global.avformat.AVSEEK_FLAG_BACKWARD;
import static org.bytedeco.ffmpeg.global.avformat.avformat_seek_file;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import dev.halcyon.codecs.av.CodecContextHandle;
import dev.halcyon.codecs.av.FrameHandle;
import dev.halcyon.codecs.av.PacketHandle;
import dev.halcyon.codecs.mux.DemuxerHandle;
import dev.halcyon.codecs.probe.ForeignFile;
import dev.halcyon.core.analysis.TimeSpan;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.render.RenderSource;
import dev.halcyon.core.render.RenderSpec;
import java.io.IOException;
import java.nio.file.Path;
import org.bytedeco.ffmpeg.avutil.AVRational;

/**
 * Decodes the sound of a render's parts into a scratch file: two channels, 48,000 Hz, each part to
 * the sample where it belongs, silence where the source has none. One platform thread.
 */
final class SourceSound implements AutoCloseable {
  /**
   * What a decoder needs before it gives what was meant (Opus: 80 ms), and room for wrong indexes.
   */
  private static final long LEAD_US = 500_000;

  private final DemuxerHandle demuxer;
  private final int stream;
  private final long startUs;
  private final Stop stop;
  private final CodecContextHandle decoder;
  private final PacketHandle packet = new PacketHandle();
  private final FrameHandle frame = new FrameHandle();
  private boolean areAllSent;

  private SourceSound(DemuxerHandle demuxer, RenderSource source, Stop stop) {
    this.demuxer = demuxer;
    this.stream = source.soundStream().orElseThrow();
    this.startUs = source.startUs();
    this.stop = stop;
    if (stream >= demuxer.streamCount()) {
      throw new HalcyonException(ErrorCode.CORRUPT_MEDIA, "the file has no stream " + stream);
    }
    this.decoder = CodecContextHandle.decoderOf(demuxer.stream(stream));
  }

  /** Writes all parts of a render, one behind the other; exactly as long as its pictures. */
  static void read(Path file, RenderSpec spec, Stop stop, SoundScratch target) throws IOException {
    DemuxerHandle demuxer = ForeignFile.open(file);
    try (SourceSound sound = opened(demuxer, spec.source(), stop)) {
      long clipUs = 0;
      for (TimeSpan part : spec.timeline().parts()) {
        clipUs += part.lengthUs();
        sound.read(part, samples(Math.min(clipUs, spec.lengthUs())), target);
      }
      target.addSilence(samples(spec.lengthUs()) - target.samples());
    }
  }

  private static SourceSound opened(DemuxerHandle demuxer, RenderSource source, Stop stop) {
    try {
      return new SourceSound(demuxer, source, stop);
    } catch (RuntimeException failure) {
      demuxer.close();
      throw failure;
    }
  }

  static long samples(long us) {
    return Math.floorDiv(2 * us * SoundScratch.RATE_HZ + 1_000_000, 2_000_000);
  }

  private void read(TimeSpan part, long endSample, SoundScratch target) throws IOException {
    seek(part.fromUs() - LEAD_US);
    try (SoundPlacer placer = new SoundPlacer(part.fromUs(), endSample, target)) {
      while (!placer.isFull() && next()) {
        stop.check();
        long fileUs = demuxer.us(stream, frame.pointer().best_effort_timestamp());
        placer.add(frame.pointer(), fileUs == AV_NOPTS_VALUE ? fileUs : fileUs - startUs);
      }
      placer.finish();
    }
  }

  /** Where there is no index, or a wrong one, the beginning does as well. */
  private void seek(long us) {
    AVRational base = demuxer.stream(stream).time_base();
    long timestamp = Math.floorDiv((us + startUs) * base.den(), base.num() * 1_000_000L);
    if (us <= 0
        || avformat_seek_file(
                demuxer.pointer(),
                stream,
                Long.MIN_VALUE,
                timestamp,
                timestamp,
                AVSEEK_FLAG_BACKWARD)
            < 0) {
      avformat_seek_file(
          demuxer.pointer(), stream, Long.MIN_VALUE, Long.MIN_VALUE + 1, Long.MAX_VALUE, 0);
    }
    decoder.flush();
    areAllSent = false;
  }

  private boolean next() {
    while (true) {
      if (receive()) {
        return true;
      }
      if (areAllSent) {
        return false;
      }
      sendOne();
    }
  }

  private void sendOne() {
    try {
      while (demuxer.read(packet)) {
        stop.check();
        if (packet.pointer().stream_index() == stream) {
          decoder.send(packet);
          return;
        }
      }
    } catch (HalcyonException damaged) {
      switch (damaged.code()) {
        case CANCELLED -> throw damaged;
        case CORRUPT_MEDIA -> {
          return;
        }
        default -> {
          // A file that breaks off is heard as far as it goes.
        }
      }
    }
    areAllSent = true;
    decoder.endPackets();
  }

  /** What cannot be decoded is passed over: silence stands for it. */
  private boolean receive() {
    try {
      return decoder.receive(frame);
    } catch (HalcyonException damaged) {
      return false;
    }
  }

  @Override
  public void close() {
    frame.close();
    packet.close();
    decoder.close();
    demuxer.close();
  }
}
