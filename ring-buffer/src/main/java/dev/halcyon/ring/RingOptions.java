package dev.halcyon.ring;

import dev.halcyon.core.stream.RingSettings;
import java.util.Objects;

/**
 * How a ring is laid and what it holds; whichever of the two capacities is met first evicts.
 *
 * @param capacityBytes room for records, rounded down to whole pages; at least 64 KiB
 * @param capacityUs stream time held; positive
 * @param allocationStepBytes how much space is taken at once ahead of the writer
 * @param allocator takes the space
 * @param forcePeriodMs what was appended longer ago than this survives a loss of power; 0 leaves
 *     the writing out to the system (what was appended always survives the process)
 */
public record RingOptions(
    long capacityBytes,
    long capacityUs,
    long allocationStepBytes,
    SpaceAllocator allocator,
    long forcePeriodMs) {
  /** One step is a few milliseconds of fallocate on ext4, and half a minute of 20 Mbit/s. */
  public static final long DEFAULT_ALLOCATION_STEP_BYTES = 64L << 20;

  public static final long MIN_CAPACITY_BYTES = 64 << 10;

  public RingOptions {
    Objects.requireNonNull(allocator, "allocator");
    capacityBytes &= -RingLayout.PAGE_BYTES;
    allocationStepBytes &= -RingLayout.PAGE_BYTES;
    if (capacityBytes < MIN_CAPACITY_BYTES || capacityUs <= 0) {
      throw new IllegalArgumentException(
          "ring too small [capacityBytes=" + capacityBytes + ", capacityUs=" + capacityUs + "]");
    }
    if (allocationStepBytes < MIN_CAPACITY_BYTES) {
      throw new IllegalArgumentException(
          "allocation step too small [allocationStepBytes=" + allocationStepBytes + "]");
    }
    if (forcePeriodMs < 0) {
      throw new IllegalArgumentException("negative period [forcePeriodMs=" + forcePeriodMs + "]");
    }
  }

  public RingOptions(long capacityBytes, long capacityUs) {
    this(
        capacityBytes,
        capacityUs,
        DEFAULT_ALLOCATION_STEP_BYTES,
        SpaceAllocator.ofThisPlatform(),
        0);
  }

  public static RingOptions of(RingSettings settings) {
    return new RingOptions(settings.capacityBytes(), settings.capacityS() * 1_000_000L);
  }

  public RingOptions withAllocation(long stepBytes, SpaceAllocator by) {
    return new RingOptions(capacityBytes, capacityUs, stepBytes, by, forcePeriodMs);
  }

  public RingOptions withForceEvery(long periodMs) {
    return new RingOptions(capacityBytes, capacityUs, allocationStepBytes, allocator, periodMs);
  }
}
