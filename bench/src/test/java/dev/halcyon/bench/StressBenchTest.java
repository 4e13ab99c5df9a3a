package dev.halcyon.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StressBenchTest {
  @TempDir Path folder;

  @Test
  void theRingShowsNoOutcomeThatIsNotAccepted() throws Exception {
    assertEquals(0, StressBench.run("dev.halcyon.bench.stress", StressBench.QUICK, folder));
  }

  @Test
  void aProtocolThatIsWrongIsFound() throws Exception {
    String wrong = CommittedOnlyRead.class.getName();
    assertNotEquals(0, StressBench.run(wrong, StressBench.QUICK, folder));
  }
}
