package dev.halcyon.verticles.ops;

import java.util.function.LongSupplier;

/**
 * What is measured of bringing files to another machine's store; each may be asked in any thread,
 * at any time.
 *
 * @param reachable 1 while the store does what it is asked, else 0
 * @param waiting files that it does not have yet
 * @param oldestMs how long the oldest of them waits
 * @param failures tries that failed
 * @param evictedFiles local copies that were deleted because the store has the file
 * @param reads parts of files that clients were sent from there
 */
public record UploadFigures(
    LongSupplier reachable,
    LongSupplier waiting,
    LongSupplier waitingBytes,
    LongSupplier oldestMs,
    LongSupplier storedFiles,
    LongSupplier sentBytes,
    LongSupplier failures,
    LongSupplier evictedFiles,
    LongSupplier evictedBytes,
    LongSupplier reads,
    LongSupplier readBytes) {}
