package dev.halcyon.core.stream;

import java.util.OptionalLong;
import java.util.UUID;

/**
 * How a stream does right now; the answer to {@link Query}.
 *
 * @param fromUs stream time of the oldest packet held; 0 when nothing is
 * @param toUs stream time of the end of what is held
 * @param lastPacketAgeMs since the last packet arrived; −1 when none ever did
 * @param audioLagUs how far the audio tap is behind the ring's end
 * @param videoLagUs how far the video tap is behind the ring's end
 */
public record StreamHealth(
    StreamStatus status,
    long fromUs,
    long toUs,
    long heldBytes,
    long capacityBytes,
    long bitrateBps,
    double fps,
    long lastPacketAgeMs,
    OptionalLong audioLagUs,
    OptionalLong videoLagUs) {
  /** Asks for a stream's health. */
  public record Query(UUID streamId) {}

  public static StreamHealth notHeld(StreamStatus status) {
    return new StreamHealth(
        status, 0, 0, 0, 0, 0, 0, -1, OptionalLong.empty(), OptionalLong.empty());
  }
}
