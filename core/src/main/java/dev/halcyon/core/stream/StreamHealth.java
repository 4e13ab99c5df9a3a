package dev.halcyon.core.stream;

import dev.halcyon.core.clip.HeldEpoch;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * How a stream does right now; the answer to {@link Query}.
 *
 * @param lastPacketAgeMs since the last packet arrived; −1 when none ever did
 * @param audioLagUs how far the audio tap is behind the ring's end
 * @param videoLagUs how far the video tap is behind the ring's end
 */
public record StreamHealth(
    StreamStatus status,
    OfRing ring,
    long bitrateBps,
    double fps,
    long lastPacketAgeMs,
    OptionalLong audioLagUs,
    OptionalLong videoLagUs,
    RecordingHealth recording) {
  /** A stretch of stream time whose packets were found damaged. */
  public record Lost(long fromUs, long toUs, long bytes) {}

  /** Asks for a stream's health. */
  public record Query(UUID streamId) {}

  /**
   * What the ring holds.
   *
   * @param fromUs stream time of the oldest packet held; 0 when nothing is
   * @param toUs stream time of the end of what is held
   * @param targetCapacityBytes what was asked for; unlike {@code capacityBytes} while a change of
   *     size waits for the ring's lap to end, or when shrunk
   * @param isShrunk the disk was full, so that the ring is smaller than asked
   * @param heldLeases of readers that asked for a range to stay
   * @param revokedLeases since the ring was opened, by a writer that needed their room
   * @param overrunBytes since the ring was opened, what its readers were too slow for
   * @param forceLagMs how long ago all that was appended was safe against a loss of power; empty
   *     when that is left to the system
   * @param forceFailures since the ring was opened, how often the disk did not take it
   * @param ranges what is held of each epoch, oldest first; the newest {@value #MAX_RANGES}
   * @param lost damaged stretches among what is held, oldest first; the newest {@value #MAX_RANGES}
   */
  public record OfRing(
      long fromUs,
      long toUs,
      long heldBytes,
      long capacityBytes,
      long targetCapacityBytes,
      boolean isShrunk,
      int heldLeases,
      long revokedLeases,
      long overrunBytes,
      OptionalLong forceLagMs,
      long forceFailures,
      List<HeldEpoch> ranges,
      List<Lost> lost) {
    /** Keeps the message small when a publisher reconnects all the time. */
    public static final int MAX_RANGES = 32;

    public static final OfRing NOTHING =
        new OfRing(0, 0, 0, 0, 0, false, 0, 0, 0, OptionalLong.empty(), 0, List.of(), List.of());

    public OfRing {
      ranges = newest(ranges);
      lost = newest(lost);
    }

    private static <T> List<T> newest(List<T> all) {
      return List.copyOf(all.subList(Math.max(0, all.size() - MAX_RANGES), all.size()));
    }
  }

  public static StreamHealth notHeld(StreamStatus status) {
    return new StreamHealth(
        status,
        OfRing.NOTHING,
        0,
        0,
        -1,
        OptionalLong.empty(),
        OptionalLong.empty(),
        RecordingHealth.NOTHING);
  }
}
