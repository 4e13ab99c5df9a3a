package dev.halcyon.verticles.ingest.rtsp;

import dev.halcyon.verticles.ingest.rtp.RtpCounts;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Adds what one publisher's packets met to the node's counters. One thread. */
final class RtspMeters {
  private final Delta lost;
  private final Delta reordered;
  private final Delta late;
  private final Delta malformed;
  private final Delta droppedPictures;
  private final Delta concealed;

  RtspMeters(MeterRegistry registry) {
    lost = new Delta(registry.counter("halcyon.rtsp.packets.lost"));
    reordered = new Delta(registry.counter("halcyon.rtsp.packets.reordered"));
    late = new Delta(registry.counter("halcyon.rtsp.packets.late"));
    malformed = new Delta(registry.counter("halcyon.rtsp.packets.malformed"));
    droppedPictures = new Delta(registry.counter("halcyon.rtsp.pictures.dropped"));
    concealed = new Delta(registry.counter("halcyon.rtsp.sounds.concealed"));
  }

  void note(RtpCounts counts) {
    lost.to(counts.lostPackets());
    reordered.to(counts.reorderedPackets());
    late.to(counts.latePackets());
    malformed.to(counts.malformedPackets());
    droppedPictures.to(counts.droppedPictures());
    concealed.to(counts.concealedSounds());
  }

  /** Counts grow within a publication, and begin at 0 with the next. */
  private static final class Delta {
    private final Counter counter;
    private long noted;

    Delta(Counter counter) {
      this.counter = counter;
    }

    void to(long count) {
      long more = count >= noted ? count - noted : count;
      noted = count;
      if (more > 0) {
        counter.increment((double) more);
      }
    }
  }
}
