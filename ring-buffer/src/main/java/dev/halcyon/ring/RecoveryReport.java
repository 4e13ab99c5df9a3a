package dev.halcyon.ring;

/**
 * What opening a ring found.
 *
 * @param keptRecords records whose checksum holds
 * @param keptBytes bytes of those
 * @param keptFromUs stream time of the oldest packet kept; 0 when there is none
 * @param keptToUs stream time at which the newest packet kept ends; 0 when there is none
 * @param lostBytes bytes that should have held records and did not: damaged, torn or cut off
 * @param damagedRanges how many stretches of damage lie between records that were kept
 * @param tookMs how long it took
 */
public record RecoveryReport(
    long keptRecords,
    long keptBytes,
    long keptFromUs,
    long keptToUs,
    long lostBytes,
    int damagedRanges,
    long tookMs) {
  /** Of a ring that was just created. */
  public static final RecoveryReport NEW = new RecoveryReport(0, 0, 0, 0, 0, 0, 0);

  public boolean isWhole() {
    return lostBytes == 0;
  }
}
