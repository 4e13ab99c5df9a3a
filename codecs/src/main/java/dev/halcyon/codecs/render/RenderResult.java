package dev.halcyon.codecs.render;

import java.util.OptionalDouble;

/**
 * A file that was rendered.
 *
 * @param sha256 of the file, lower-case hex
 * @param lengthUs of its pictures and of its sound
 * @param chunksEncoded of {@code chunks}; the others were found
 * @param integratedLufs of its sound, decoded again; empty without sound, and for silence
 * @param truePeakDbtp likewise
 */
public record RenderResult(
    String sha256,
    long bytes,
    long lengthUs,
    int frames,
    int chunks,
    int chunksEncoded,
    OptionalDouble integratedLufs,
    OptionalDouble truePeakDbtp) {}
