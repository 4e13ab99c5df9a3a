package dev.halcyon.ring;

/**
 * A stretch of the ring that was found damaged when it was opened; what lies around it is held.
 *
 * @param fromUs stream time at which the packet before it ends
 * @param toUs stream time of what follows; not before {@code fromUs}
 * @param bytes how much was lost
 */
public record LostRange(long fromUs, long toUs, long bytes) {}
