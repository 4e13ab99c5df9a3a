package dev.halcyon.codecs.mp4;

/**
 * Samples of one track whose payloads lie together in a file.
 *
 * @param track index into the tracks of the file
 * @param first index of the first sample
 * @param count at least one
 */
public record SampleRange(int track, int first, int count) {}
