package dev.halcyon.codecs.cut;

import dev.halcyon.codecs.mp4.PayloadSource;
import dev.halcyon.core.cut.CutPlan;
import dev.halcyon.core.cut.CutRequest;
import dev.halcyon.core.cut.HeldSpan;
import dev.halcyon.core.cut.PacketStamp;
import dev.halcyon.core.cut.TrackPackets;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.media.Bytes;
import java.util.List;

/**
 * Encoded media that clips are cut from: a ring, or a recording. Any thread; blocks on the disk.
 */
public interface Timeline {
  /**
   * The media around a window, kept readable as well as the timeline can, until it is closed by
   * whoever opened it.
   *
   * @throws HalcyonException RANGE_NOT_HELD when nothing of the window is there
   */
  Window open(CutRequest request);

  /** The most bytes that a clip of a window can have; an estimate from above. */
  long mostBytes(CutRequest request);

  /** Media around a window. One thread. */
  interface Window extends AutoCloseable {
    /**
     * The tracks around the window, as {@link dev.halcyon.core.cut.CutPlanner} wants them.
     *
     * @throws HalcyonException RING_OVERRUN when a writer overtook; PAYLOAD_TOO_LARGE
     */
    List<TrackPackets> tracks();

    /** What is held of the window's epoch, or of all that the window touches, just now. */
    HeldSpan held();

    /** The payload of one of the packets that {@link #tracks} named. */
    Bytes payload(PacketStamp packet);

    /** The payloads of a plan that was made of {@link #tracks}; closed before the window. */
    Payloads payloads(CutPlan plan);

    @Override
    void close();
  }

  /** Gives a plan's payloads, those of a track in their order. One thread. */
  interface Payloads extends PayloadSource, AutoCloseable {
    @Override
    void close();
  }
}
