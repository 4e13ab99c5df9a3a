package dev.halcyon.verticles.stream;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.stream.RingSettings;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongSupplier;

/**
 * The room that rings may take: each stream reserves its ring's size when it is created, against a
 * quota and against what is free on the disk, so that a disk never fills under a running stream.
 * Any thread.
 */
public final class RingSpace {
  private final long quotaBytes;
  private final long keptFreeBytes;
  private final long maxBitrateBps;
  private final LongSupplier usableBytes;
  private final Map<UUID, Reservation> reservations = new HashMap<>();

  /**
   * @param allocatedBytes what the ring's file has taken from the disk by now
   */
  private record Reservation(long bytes, LongSupplier allocatedBytes) {
    long outstandingBytes() {
      return Math.max(0, bytes - allocatedBytes.getAsLong());
    }
  }

  /**
   * @param quotaBytes for all rings; 0 for no limit but the disk
   * @param keptFreeBytes free space that rings leave alone
   * @param maxBitrateBps the highest bitrate of a stream, which bounds its ring by seconds
   * @param usableBytes free space of the rings' file system
   */
  public RingSpace(
      long quotaBytes, long keptFreeBytes, long maxBitrateBps, LongSupplier usableBytes) {
    this.quotaBytes = quotaBytes == 0 ? Long.MAX_VALUE : quotaBytes;
    this.keptFreeBytes = keptFreeBytes;
    this.maxBitrateBps = maxBitrateBps;
    this.usableBytes = usableBytes;
  }

  /** The size of a ring with these settings. */
  long capacityBytes(RingSettings settings) {
    return Math.min(settings.capacityBytes(), settings.capacityS() * (maxBitrateBps / 8));
  }

  /**
   * Sets room aside for a stream; again for the same stream replaces its reservation.
   *
   * @throws HalcyonException INSUFFICIENT_STORAGE saying what is missing
   */
  synchronized void reserve(UUID stream, long bytes) {
    long others = 0;
    long outstanding = 0;
    for (Map.Entry<UUID, Reservation> entry : reservations.entrySet()) {
      if (!entry.getKey().equals(stream)) {
        others += entry.getValue().bytes();
        outstanding += entry.getValue().outstandingBytes();
      }
    }
    if (bytes > quotaBytes - others) {
      throw refused("ring.quota_bytes leaves " + mib(Math.max(0, quotaBytes - others)), bytes);
    }
    long free = usableBytes.getAsLong() - keptFreeBytes - outstanding;
    if (bytes > free) {
      throw refused("the disk has room for " + mib(Math.max(0, free)), bytes);
    }
    reservations.put(stream, new Reservation(bytes, () -> 0));
  }

  /** Counts a ring that exists, whether it fits or not. */
  synchronized void adopt(UUID stream, long bytes, LongSupplier allocatedBytes) {
    reservations.put(stream, new Reservation(bytes, allocatedBytes));
  }

  synchronized void release(UUID stream) {
    reservations.remove(stream);
  }

  /** Room that is reserved and that no ring has taken from the disk yet. */
  public synchronized long outstandingBytes() {
    return reservations.values().stream().mapToLong(Reservation::outstandingBytes).sum();
  }

  private static HalcyonException refused(String why, long bytes) {
    return new HalcyonException(
        ErrorCode.INSUFFICIENT_STORAGE,
        "no room for a ring of "
            + mib(bytes)
            + ": "
            + why
            + "; delete streams, lower ring.capacity_s or ring.capacity_bytes, or free disk space");
  }

  private static String mib(long bytes) {
    return String.format(Locale.ROOT, "%,d MiB", bytes >> 20);
  }
}
