package dev.halcyon.codecs.av;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.function.Executable;

/** For tests: native memory is back where it was. */
public final class NativeLeaks {
  private NativeLeaks() {}

  /** Runs {@code body} and asserts that each tag's objects and bytes are as before. */
  public static void assertNoLeak(Executable body) throws Throwable {
    var before = NativeMemory.snapshot();
    body.execute();
    assertEquals(before, NativeMemory.snapshot(), "native memory by tag");
  }
}
