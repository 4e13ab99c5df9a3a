package dev.halcyon.core.transcript;

import java.util.Optional;

/**
 * One cue of a subtitle file.
 *
 * @param toUs not before {@code fromUs}
 * @param text its lines, with tags
 */
record Cue(long fromUs, long toUs, Optional<String> speaker, String text) {}
