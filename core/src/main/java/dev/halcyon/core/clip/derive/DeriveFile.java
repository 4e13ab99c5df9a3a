package dev.halcyon.core.clip.derive;

import java.util.UUID;

/**
 * Asks that a form of a clip's version be there. The answer is a {@link DerivedFile}, or a failure:
 * CLIP_NOT_FOUND, NOT_FOUND (no such version), NOT_READY (it is being made, or the clip is),
 * RATE_LIMITED, UNSUPPORTED_MEDIA (it cannot be had of this clip).
 */
public record DeriveFile(UUID workspaceId, UUID clipId, int version, DerivedForm form) {}
