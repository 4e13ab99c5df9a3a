package dev.halcyon.codecs.cut;

import static dev.halcyon.codecs.av.NativeLeaks.assertNoLeak;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.halcyon.codecs.testcard.CardShape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Random windows of every shape of media: no frame off, none black or repeated, sound within 5 ms.
 * {@code -Dhalcyon.cuts.rounds=5000} cuts as many windows in all, {@code -Dhalcyon.cuts.seed=7}
 * other ones.
 */
class CutPropertyTest {
  private static final int USUAL_ROUNDS = 80;
  private static final long LENGTH_US = 3_000_000;
  private static final double SHORTEST_US = 15_000;
  private static final double LONGEST_US = 2_500_000;

  /** Of so many windows one is also held against its contract, and one read as it grows. */
  private static final int THOROUGH = 4;

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(CardShape.class)
  void presentsExactlyTheWindow(CardShape shape) throws Throwable {
    int rounds = Integer.getInteger("halcyon.cuts.rounds", USUAL_ROUNDS);
    long seed = Long.getLong("halcyon.cuts.seed", 1);
    int own = Math.ceilDiv(rounds, CardShape.values().length);
    assertNoLeak(
        () -> {
          try (CutOracle oracle = CutOracle.of(folder, shape, LENGTH_US)) {
            Random random = new Random(seed * 1_000 + shape.name().hashCode());
            for (int round = 0; round < own; round++) {
              assertExact(oracle, shape + " round " + round + " seed " + seed, round, random);
            }
          }
        });
  }

  private static void assertExact(CutOracle oracle, String name, int round, Random random)
      throws IOException {
    long fromUs = random.nextLong(-300_000, LENGTH_US);
    double lengthUs = SHORTEST_US * Math.pow(LONGEST_US / SHORTEST_US, random.nextDouble());
    long toUs = fromUs + Math.round(lengthUs);
    List<String> faults = new ArrayList<>(oracle.faults(fromUs, toUs));
    if (round % THOROUGH == 0) {
      oracle.contractFaults(fromUs, toUs).forEach(fault -> faults.add("contract: " + fault));
    } else if (round % THOROUGH == 1) {
      oracle.growingFaults(fromUs, toUs).forEach(fault -> faults.add("growing: " + fault));
    }
    assertEquals(List.of(), faults, () -> name + " [" + fromUs + ", " + toUs + ")");
  }
}
