package dev.halcyon.ring;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A small file system of memory, so that a disk can really be full or read-only, even for root. */
record MemoryDisk(Path root) implements AutoCloseable {
  /** Skips the test, with the reason printed, where this user may not mount. */
  static MemoryDisk mount(Path root, int mebibytes) throws IOException {
    Files.createDirectories(root);
    boolean isMounted =
        run("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "tmpfs", root.toString());
    if (!isMounted) {
      System.out.println("skipped: this user may not mount a file system");
    }
    assumeTrue(isMounted, "this user may not mount a file system");
    return new MemoryDisk(root);
  }

  void makeReadOnly() throws IOException {
    if (!run("mount", "-o", "remount,ro", root.toString())) {
      throw new IOException("cannot make it read-only: " + root);
    }
  }

  static boolean run(String... command) {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectInput(new File("/dev/null")) // no pipe, whose closing a test could count
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .onExit()
              .join()
              .exitValue()
          == 0;
    } catch (IOException noSuchProgram) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    if (!run("umount", root.toString())) {
      throw new IOException("still in use: " + root);
    }
  }
}
