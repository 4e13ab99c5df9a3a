package dev.halcyon.codecs.analyse;

import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import dev.halcyon.codecs.mux.DemuxerHandle;
import java.util.concurrent.TimeUnit;
import org.bytedeco.ffmpeg.avcodec.AVPacket;

/** Tells a listener how far the reading has come, a few times a second. One thread. */
final class Progress {
  private static final long EVERY_NS = TimeUnit.MILLISECONDS.toNanos(250);

  private final AnalysisListener listener;
  private final long startUs;
  private final long durationUs;

  /** The part of the whole that the present reading is. */
  private double from;

  private double part = 1;
  private long readFromUs;
  private long readUs;
  private double told = -1;
  private long toldUs;
  private long nextNs = System.nanoTime();

  Progress(AnalysisListener listener, long startUs, long durationUs) {
    this.listener = listener;
    this.startUs = startUs;
    this.durationUs = durationUs;
    readUs = durationUs;
  }

  /**
   * What is read from now on makes a part of the whole.
   *
   * @param fraction of the whole where it begins
   * @param share of the whole that it is
   * @param atUs media time at which it begins
   * @param lengthUs media time that it covers
   */
  void begin(double fraction, double share, long atUs, long lengthUs) {
    from = fraction;
    part = share;
    readFromUs = atUs;
    readUs = Math.max(1, lengthUs);
  }

  void onPacket(DemuxerHandle demuxer, AVPacket packet) {
    long nowNs = System.nanoTime();
    if (nowNs - nextNs < 0 || packet.dts() == AV_NOPTS_VALUE) {
      return;
    }
    nextNs = nowNs + EVERY_NS;
    long atUs =
        Math.clamp(demuxer.us(packet.stream_index(), packet.dts()) - startUs, 0, durationUs);
    tell(from + part * Math.clamp((atUs - readFromUs) / (double) readUs, 0, 1), atUs);
  }

  /** All of it is done. */
  void end() {
    tell(1, durationUs);
  }

  private void tell(double fraction, long atUs) {
    told = Math.max(told, fraction);
    toldUs = Math.max(toldUs, atUs);
    listener.onProgress(told, toldUs);
  }
}
