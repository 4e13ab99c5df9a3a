package dev.halcyon.ring;

/**
 * A ring's figures at one moment.
 *
 * @param heldBytes from the oldest held record to the newest's end
 * @param heldUs stream time of the packets held, gaps between epochs left out
 * @param capacityBytes what one lap holds now
 * @param targetCapacityBytes what was asked for; unlike {@code capacityBytes} while a resize waits
 *     for the lap's end, or when shrunk
 * @param allocatedBytes what the file has taken from the disk
 * @param isResizing a change of size waits for the lap's end
 * @param isShrunk the disk was full before the first wrap, so that the ring is smaller than asked
 * @param shrunkBecause for people; empty when not shrunk
 * @param appendedPackets since opened
 * @param appendedBytes payload since opened
 * @param heldLeases now
 * @param revokedLeases since opened, by a writer that needed their room
 * @param overrunBytes since opened, what readers missed because they were overtaken
 * @param forceLagNs how long ago all that was appended was safe against a loss of power; 0 when it
 *     is, −1 when that is left to the system
 * @param forceFailures since opened, how often the disk did not take what was to be made safe
 */
public record RingStats(
    long heldBytes,
    long heldUs,
    long capacityBytes,
    long targetCapacityBytes,
    long allocatedBytes,
    boolean isResizing,
    boolean isShrunk,
    String shrunkBecause,
    long appendedPackets,
    long appendedBytes,
    int heldLeases,
    long revokedLeases,
    long overrunBytes,
    long forceLagNs,
    long forceFailures) {}
