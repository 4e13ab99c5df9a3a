package dev.halcyon.verticles.step;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/**
 * Ends this process as soon as its standard input does: the parent is dead, nobody wants the work,
 * and nobody else would clear its folder away.
 */
final class ParentWatch {
  /** As a shell gives it for SIGHUP: the other end is gone. */
  private static final int EXIT_ALONE = 129;

  private ParentWatch() {}

  static void start(InputStream in) {
    Thread.ofPlatform().daemon().name("parent-watch").start(() -> watch(in));
  }

  private static void watch(InputStream in) {
    try {
      while (in.read() >= 0) {
        // Nothing more is expected; what comes is not ours to understand.
      }
    } catch (IOException gone) {
      // As good as the end.
    }
    try {
      Folders.delete(Path.of(System.getProperty("java.io.tmpdir")));
    } catch (IOException left) {
      System.err.println("left behind: " + left.getMessage());
    } finally {
      Runtime.getRuntime().halt(EXIT_ALONE);
    }
  }
}
