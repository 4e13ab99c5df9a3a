package dev.halcyon.core.stream;

/**
 * How much of a stream its ring holds; whichever limit is met first evicts.
 *
 * @param capacityS seconds, 10..86,400
 * @param capacityBytes bytes, 8 MiB..1 TiB
 */
public record RingSettings(int capacityS, long capacityBytes) {
  public static final RingSettings DEFAULT = new RingSettings(600, 2L << 30);

  public RingSettings {
    if (capacityS < 10 || capacityS > 86_400) {
      throw new IllegalArgumentException(
          "ring.capacity_s out of 10..86400 [capacityS=" + capacityS + "]");
    }
    if (capacityBytes < 8L << 20 || capacityBytes > 1L << 40) {
      throw new IllegalArgumentException(
          "ring.capacity_bytes out of 8 MiB..1 TiB [capacityBytes=" + capacityBytes + "]");
    }
  }
}
