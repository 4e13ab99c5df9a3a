package dev.halcyon.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.halcyon.ring.RingCursor.Next;
import java.io.BufferedReader;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that appends to a ring is killed again and again, in its first lap, while blocks are
 * taken, at the wrap, after days; the next one goes on in the file. {@code -Dhalcyon.ring.kills=N}
 * for a long run.
 */
class CrashTest {
  private static final int KILLS = Integer.getInteger("halcyon.ring.kills", 24);
  private static final int KILLS_A_RING = 6;
  private static final int MOST_REPORTS = 3000;

  @TempDir Path folder;

  @Test
  void losesNothingThatWasAppendedBeforeAKill() throws Exception {
    long seed = System.nanoTime();
    System.out.println("seed " + seed + ", kills " + KILLS);
    Random random = new Random(seed);
    for (int kill = 0; kill < KILLS; kill += KILLS_A_RING) {
      Path path = folder.resolve("ring" + kill);
      long capacityBytes = RingOptions.MIN_CAPACITY_BYTES << random.nextInt(8);
      for (int i = kill; i < Math.min(KILLS, kill + KILLS_A_RING); i++) {
        long appended = appendUntilKilled(path, capacityBytes, reports(random));
        assertHolds(path, capacityBytes, appended);
      }
      Files.delete(path);
    }
  }

  /** Few as often as many: the beginning is a place of its own. */
  private static int reports(Random random) {
    return 1 + random.nextInt(1 + random.nextInt(MOST_REPORTS));
  }

  private static void assertHolds(Path path, long capacityBytes, long appended) {
    try (Ring ring = Ring.open(path, CrashChild.options(capacityBytes))) {
      assertEquals(0, ring.recovery().damagedRanges(), ring.recovery().toString());
      long newest = assertConsecutive(ring);
      assertTrue(newest >= appended, "newest " + newest + ", appended " + appended);
      long least = Math.min(appended, capacityBytes / 2 / CrashChild.LARGEST_BYTES);
      assertTrue(ring.held().getLast().toUs() - ring.held().getFirst().fromUs() >= least * 40_000);
    }
  }

  /** Answers the last number that the child had appended for certain. */
  private static long appendUntilKilled(Path path, long capacityBytes, int reports)
      throws Exception {
    Process child =
        child(path, capacityBytes).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    long last = -1;
    try (BufferedReader lines = child.inputReader()) {
      for (int i = 0; i < reports; i++) {
        String line = lines.readLine();
        assertTrue(line != null, "the child ended by itself");
        last = Long.parseLong(line);
      }
      child.toHandle().destroyForcibly(); // SIGKILL, and what it printed can still be read
      String line = lines.readLine();
      while (line != null && !line.isEmpty()) {
        last = Math.max(last, wholeNumber(line, last));
        line = lines.readLine();
      }
    } finally {
      child.destroyForcibly();
      assertTrue(child.waitFor(20, TimeUnit.SECONDS));
    }
    return last;
  }

  /** Appends to the ring until it ends. */
  static ProcessBuilder child(Path path, long capacityBytes) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return new ProcessBuilder(
        List.of(
            java,
            "--enable-native-access=ALL-UNNAMED",
            "-Xshare:auto",
            "-Xmx64m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            CrashChild.class.getName(),
            path.toString(),
            String.valueOf(capacityBytes)));
  }

  /** The last line may be cut short by the kill: a shorter number is no report. */
  private static long wholeNumber(String line, long last) {
    return line.length() < Long.toString(last).length() ? last : Long.parseLong(line);
  }

  private static long assertConsecutive(Ring ring) {
    ByteBuffer target = ByteBuffer.allocate(CrashChild.LARGEST_BYTES);
    long last = -1;
    try (RingCursor cursor = ring.cursor()) {
      for (Next next = cursor.next(); next != Next.NOTHING_YET; next = cursor.next()) {
        assertTrue(next != Next.OVERRUN, "a hole");
        if (next == Next.PACKET) {
          long number = cursor.ptsUs() / 40_000;
          assertTrue(last < 0 || number == last + 1, "in order");
          assertTrue(cursor.copyPayload(target.clear()));
          assertEquals(TestRings.payload(number, CrashChild.length(number)), target.flip());
          last = number;
        }
      }
    }
    return last;
  }
}
