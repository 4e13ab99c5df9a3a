package dev.halcyon.codecs;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/** Real media outside of the tree, found through {@code HALCYON_TEST_DATA}. */
public final class TestMedia {
  private static final String VARIABLE = "HALCYON_TEST_DATA";

  private TestMedia() {}

  /** A file of its folder {@code media}; without it the calling test is skipped, saying so. */
  public static Path file(String name) {
    return of("media", name);
  }

  /** A file of its folder {@code models}; without it the calling test is skipped, saying so. */
  public static Path model(String name) {
    return of("models", name);
  }

  private static Path of(String folder, String name) {
    String data = System.getenv(VARIABLE);
    require(data != null, VARIABLE + " is not set");
    Path file = Path.of(data, folder, name);
    require(Files.exists(file), VARIABLE + " has no " + folder + "/" + name);
    return file;
  }

  /** Skips the calling test with a printed reason unless {@code isMet}. */
  public static void require(boolean isMet, String reason) {
    if (!isMet) {
      System.out.println("skipped: " + reason);
    }
    assumeTrue(isMet, reason);
  }
}
