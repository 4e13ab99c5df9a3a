package dev.halcyon.codecs.mux;

import dev.halcyon.core.media.Bytes;

/**
 * One access unit as an encoder gives it.
 *
 * @param pts in the encoder's time base
 * @param dts likewise
 */
public record EncodedUnit(boolean isKeyframe, long pts, long dts, Bytes payload) {}
