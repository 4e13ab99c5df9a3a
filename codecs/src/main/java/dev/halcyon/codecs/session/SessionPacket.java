package dev.halcyon.codecs.session;

/**
 * A recorded packet. Times are stream time.
 *
 * @param track index of its track
 * @param place in the order in which the fragment's packets arrived, from 0
 * @param durationUs 0 when unknown
 * @param crc CRC-32C of the payload
 * @param offset of the payload in the file
 */
public record SessionPacket(
    int track,
    boolean isKeyframe,
    int place,
    long ptsUs,
    long dtsUs,
    long durationUs,
    int sizeBytes,
    int crc,
    long offset)
    implements TimedPacket {}
