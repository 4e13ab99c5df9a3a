package dev.halcyon.core.speech;

/**
 * A stretch of sound in which somebody speaks.
 *
 * @param fromUs stream time
 * @param toUs stream time
 * @param isFinal whether it ends here; else it goes on and is handed over again, longer
 */
public record SpeechWindow(long fromUs, long toUs, boolean isFinal) {}
