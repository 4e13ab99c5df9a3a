package dev.halcyon.codecs.session;

/**
 * A stretch that a recording lacks although media may have arrived, in stream time.
 *
 * @param lengthUs positive
 */
public record RecordedGap(long atUs, long lengthUs, Seam reason) {}
