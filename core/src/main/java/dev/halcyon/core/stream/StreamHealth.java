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
    OptionalLong videoLagUs) {
  /** Asks for a stream's health. */
  public record Query(UUID streamId) {}

  /**
   * What the ring holds.
   *
   * @param fromUs stream time of the oldest packet held; 0 when nothing is
   * @param toUs stream time of the end of what is held
   * @param isShrunk the disk was full, so that the ring is smaller than asked
   * @param heldLeases of readers that asked for a range to stay
   * @param revokedLeases since the ring was opened, by a writer that needed their room
   * @param ranges what is held of each epoch, oldest first; the newest {@value #MAX_RANGES}
   */
  public record OfRing(
      long fromUs,
      long toUs,
      long heldBytes,
      long capacityBytes,
      boolean isShrunk,
      int heldLeases,
      long revokedLeases,
      List<HeldEpoch> ranges) {
    /** Keeps the message small when a publisher reconnects all the time. */
    public static final int MAX_RANGES = 32;

    public static final OfRing NOTHING = new OfRing(0, 0, 0, 0, false, 0, 0, List.of());

    public OfRing {
      ranges = List.copyOf(ranges.subList(Math.max(0, ranges.size() - MAX_RANGES), ranges.size()));
    }
  }

  public static StreamHealth notHeld(StreamStatus status) {
    return new StreamHealth(
        status, OfRing.NOTHING, 0, 0, -1, OptionalLong.empty(), OptionalLong.empty());
  }
}
