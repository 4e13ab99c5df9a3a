package dev.halcyon.ring;

/**
 * A place at which decoding can begin.
 *
 * @param position where a cursor finds the packet; see {@link RingCursor#seek}
 * @param wallUs wall clock of the packet's arrival
 */
public record KeyframeEntry(long position, long ptsUs, long dtsUs, int epoch, long wallUs) {}
