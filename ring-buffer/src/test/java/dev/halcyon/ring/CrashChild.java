package dev.halcyon.ring;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/**
 * Appends to the ring named by its argument until it is killed; prints the number of each packet.
 */
final class CrashChild {
  static final int LARGEST_BYTES = 5000;

  private CrashChild() {}

  static int length(long number) {
    return (int) (number * 739 % LARGEST_BYTES);
  }

  public static void main(String[] arguments) {
    PrintStream reports = new PrintStream(System.out, false);
    try (Ring ring = Ring.open(Path.of(arguments[0]), TestRings.options(TestRings.MIB))) {
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
