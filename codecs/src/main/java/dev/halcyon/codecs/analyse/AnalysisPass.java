package dev.halcyon.codecs.analyse;

import dev.halcyon.codecs.av.PacketHandle;
import dev.halcyon.codecs.mux.DemuxerHandle;
import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** One reading of a file, from where its demuxer stands. One platform thread. */
final class AnalysisPass {
  private final DemuxerHandle demuxer;
  private final Progress progress;

  AnalysisPass(DemuxerHandle demuxer, Progress progress) {
    this.demuxer = demuxer;
    this.progress = progress;
  }

  /**
   * Reads packets until the file or the caller ends it. A file that breaks off is analysed as far
   * as it goes.
   *
   * @param sink is lent each packet
   * @throws HalcyonException CANCELLED when interrupted
   */
  void read(Consumer<PacketHandle> sink, BooleanSupplier isDone) {
    try (PacketHandle packet = new PacketHandle()) {
      while (!isDone.getAsBoolean() && next(packet)) {
        requireWanted();
        progress.onPacket(demuxer, packet.pointer());
        sink.accept(packet);
      }
    }
  }

  private boolean next(PacketHandle packet) {
    try {
      return demuxer.read(packet);
    } catch (HalcyonException broken) {
      requireWanted();
      return false;
    }
  }

  private static void requireWanted() {
    if (Thread.currentThread().isInterrupted()) {
      throw new HalcyonException(ErrorCode.CANCELLED, "the analysis was stopped");
    }
  }
}
