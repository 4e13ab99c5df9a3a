package dev.halcyon.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StressBenchTest {
  @TempDir Path folder;

  /** All actors compiled alike: a third of the runs. */
  private static List<String> brief() {
    List<String> length = new ArrayList<>(StressBench.QUICK);
    length.addAll(List.of("-sc", "false"));
    return length;
  }

  @Test
  void theRingShowsNoOutcomeThatIsNotAccepted() throws Exception {
    assertEquals(0, StressBench.run("dev.halcyon.bench.stress", brief(), folder));
  }

  @Test
  void aProtocolThatIsWrongIsFound() throws Exception {
    String wrong = CommittedOnlyRead.class.getName();
    assertNotEquals(0, StressBench.run(wrong, brief(), folder));
  }
}
