package dev.halcyon.core.clip.verify;

import java.time.Instant;
import java.util.UUID;

/**
 * What a verification found.
 *
 * @param version which file was looked at
 * @param at wall clock of the look
 */
public record ClipVerified(UUID clipId, int version, Instant at, Verification verification) {}
