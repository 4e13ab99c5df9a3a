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
   * @param bytes the size that the ring should have
   * @param allocatedBytes what the ring's file has taken from the disk by now
   */
  private record Reservation(long bytes, LongSupplier allocatedBytes) {
    static final Reservation NONE = new Reservation(0, () -> 0);

    long outstandingBytes() {
      return Math.max(0, bytes - allocatedBytes.getAsLong());
    }

    /** A ring that is to become smaller still has what it took. */
    long heldBytes() {
      return Math.max(bytes, allocatedBytes.getAsLong());
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
    requireRoom(stream, Reservation.NONE, bytes);
    reservations.put(stream, new Reservation(bytes, () -> 0));
  }

  /**
   * Changes what is set aside for a stream; less is always granted.
   *
   * @return what was set aside before
   * @throws HalcyonException INSUFFICIENT_STORAGE saying what is missing; nothing has changed then
   */
  synchronized long resize(UUID stream, long bytes) {
    Reservation own = reservations.getOrDefault(stream, Reservation.NONE);
    if (bytes > own.bytes()) {
      requireRoom(stream, own, bytes);
    }
    reservations.put(stream, new Reservation(bytes, own.allocatedBytes()));
    return own.bytes();
  }

  /** Whether there is room for all that is set aside for a stream. */
  synchronized boolean hasRoomFor(UUID stream) {
    Reservation own = reservations.getOrDefault(stream, Reservation.NONE);
    return own.outstandingBytes() <= freeBytesBeside(stream);
  }

  private void requireRoom(UUID stream, Reservation own, long bytes) {
    long others = 0;
    for (Map.Entry<UUID, Reservation> entry : reservations.entrySet()) {
      if (!entry.getKey().equals(stream)) {
        others += entry.getValue().heldBytes();
      }
    }
    long left = Math.max(0, quotaBytes - others);
    if (bytes > left) {
      throw refused("ring.quota_bytes leaves " + mib(left), bytes, bytes - left);
    }
    long room = own.allocatedBytes().getAsLong() + freeBytesBeside(stream);
    if (bytes > room) {
      throw refused(
          "the disk has room for " + mib(Math.max(0, room)), bytes, bytes - Math.max(0, room));
    }
  }

  /** What the disk has for this stream when all others have taken theirs. */
  private long freeBytesBeside(UUID stream) {
    long outstanding = 0;
    for (Map.Entry<UUID, Reservation> entry : reservations.entrySet()) {
      if (!entry.getKey().equals(stream)) {
        outstanding += entry.getValue().outstandingBytes();
      }
    }
    return usableBytes.getAsLong() - keptFreeBytes - outstanding;
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

  private static HalcyonException refused(String why, long bytes, long missingBytes) {
    return new HalcyonException(
        ErrorCode.INSUFFICIENT_STORAGE,
        "no room for a ring of "
            + mib(bytes)
            + ": "
            + why
            + ", "
            + mib(missingBytes)
            + " are missing; delete streams, lower ring.capacity_s or ring.capacity_bytes, or free disk space");
  }

  private static String mib(long bytes) {
    return String.format(Locale.ROOT, "%,d MiB", bytes >> 20);
  }
}
