package dev.halcyon.verticles.ops;

import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * What is measured of recordings; each may be asked in any thread, at any time.
 *
 * @param active streams that are recorded
 * @param impaired streams that should be and are not
 * @param worstLagUs of the recording that is furthest behind
 */
public record RecordingFigures(
    IntSupplier active,
    IntSupplier impaired,
    LongSupplier worstLagUs,
    LongSupplier recordedUs,
    LongSupplier recordedBytes,
    LongSupplier missedUs,
    LongSupplier failures,
    LongSupplier deletedFiles) {}
