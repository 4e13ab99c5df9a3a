package dev.halcyon.verticles.record;

import java.time.Duration;

/**
 * How recordings are downloaded.
 *
 * @param atOnce how many at the same time, of the whole node
 * @param longest stretch of stream time in one answer: its index of fragments is in memory
 */
public record DownloadOptions(int atOnce, Duration longest) {}
