package dev.halcyon.bench.vod;

import java.io.IOException;
import java.nio.file.Path;

/** Renders in a process of its own until that is ended; prints a line when it begins. */
final class RenderRun {
  private RenderRun() {}

  /**
   * @param arguments a folder for its files
   */
  public static void main(String[] arguments) throws IOException {
    RenderPart.renderWithoutEnd(Path.of(arguments[0]));
  }
}
