package dev.halcyon.ring;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file system in a file, mounted. */
record LoopDisk(Path image, Path root) implements AutoCloseable {
  /** Skips the test, with the reason printed, where this user may not mount. */
  static LoopDisk mount(Path image, Path root) throws IOException {
    Files.createDirectories(root);
    boolean isMounted = MemoryDisk.run("mount", "-o", "loop", image.toString(), root.toString());
    if (!isMounted) {
      System.out.println("skipped: this user may not mount a file system in a file");
    }
    assumeTrue(isMounted, "this user may not mount a file system in a file");
    return new LoopDisk(image, root);
  }

  /** A new ext4 in a folder; skips the test, with the reason printed, where it cannot be made. */
  static LoopDisk ext4(Path folder, long bytes) throws IOException {
    Path image = folder.resolve("disk.img");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(bytes);
    }
    boolean isMade = MemoryDisk.run("mkfs.ext4", "-q", "-F", image.toString());
    if (!isMade) {
      System.out.println("skipped: mkfs.ext4 is not there");
    }
    assumeTrue(isMade, "mkfs.ext4 is not there");
    return mount(image, folder.resolve("disk"));
  }

  @Override
  public void close() throws IOException {
    if (!MemoryDisk.run("umount", root.toString())) {
      throw new IOException("still in use: " + root);
    }
  }
}
