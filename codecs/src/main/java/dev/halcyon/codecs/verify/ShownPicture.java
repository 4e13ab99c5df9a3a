package dev.halcyon.codecs.verify;

/**
 * A picture that was presented.
 *
 * @param position of its packet in the file; negative where it is not known
 * @param digest of its pixels
 */
record ShownPicture(long position, int digest) {}
