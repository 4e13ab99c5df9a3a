package dev.halcyon.core.clip;

/**
 * A stretch of a clip's window for which a track gave nothing.
 *
 * @param atUs stream time at which the gap begins
 * @param lengthUs its length, positive
 */
public record Gap(long atUs, long lengthUs) {}
