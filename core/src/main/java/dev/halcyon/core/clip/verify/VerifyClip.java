package dev.halcyon.core.clip.verify;

import java.util.OptionalInt;
import java.util.UUID;

/**
 * Asks that a clip's file be held against its contract. The answer is a {@link ClipVerified}, or a
 * failure: CLIP_NOT_FOUND, NOT_FOUND (no such version), NOT_READY, RATE_LIMITED.
 *
 * @param version empty for the one that a download gives
 */
public record VerifyClip(UUID workspaceId, UUID clipId, OptionalInt version) {}
