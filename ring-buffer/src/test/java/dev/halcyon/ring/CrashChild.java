package dev.halcyon.ring;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Appends to the ring named by its first argument until it is killed; prints the number of each
 * packet. The second argument is the ring's capacity in bytes, should it have to be made.
 */
final class CrashChild {
  static final int LARGEST_BYTES = 5000;

  /** Real blocks, in steps so small that a kill often meets one being taken. */
  private static final long STEP_BYTES = 64 << 10;

  private CrashChild() {}

  static int length(long number) {
    return (int) (number * 739 % LARGEST_BYTES);
  }

  static RingOptions options(long capacityBytes) {
    return new RingOptions(capacityBytes, TestRings.HOUR_US)
        .withAllocation(STEP_BYTES, SpaceAllocator.ofThisPlatform());
  }

  public static void main(String[] arguments) {
    Path path = Path.of(arguments[0]);
    RingOptions options = options(Long.parseLong(arguments[1]));
    PrintStream reports = new PrintStream(System.out, false);
    try (Ring ring = Files.exists(path) ? Ring.open(path, options) : Ring.create(path, options)) {
      List<HeldRange> held = ring.held();
      long number = held.isEmpty() ? 0 : held.getLast().toUs() / 40_000;
      try (RingWriter writer = TestRings.begun(ring)) {
        while (!reports.checkError()) {
          TestRings.appendPicture(writer, number, 25, TestRings.payload(number, length(number)));
          reports.println(number);
          number++;
        }
      }
    }
  }
}
