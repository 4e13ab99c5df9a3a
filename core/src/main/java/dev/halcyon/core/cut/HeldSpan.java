package dev.halcyon.core.cut;

/**
 * The stretch of one epoch that can still be read, in stream time.
 *
 * @param fromUs the earliest instant that can be presented
 * @param toUs end of the newest packet, exclusive
 */
public record HeldSpan(long fromUs, long toUs) {}
