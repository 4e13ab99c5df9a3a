package dev.halcyon.core.clip;

import java.util.UUID;

/**
 * Asks for a clip's file for players that ignore edit lists. The answer is its {@link ClipVersion},
 * of kind {@link ClipVersion.Kind#EXACT}, or a failure: CLIP_NOT_FOUND, NOT_READY (it is being
 * made), RATE_LIMITED, UNSUPPORTED_MEDIA, CORRUPT_MEDIA.
 */
public record MakeExact(UUID workspaceId, UUID clipId) {}
