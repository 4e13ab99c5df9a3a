package dev.halcyon.ring;

import java.io.IOException;
import java.nio.file.Path;

/** {@code posix_fallocate(3)}, and {@code fallocate(2)} to give back. Any thread. */
enum PosixSpaceAllocator implements SpaceAllocator {
  INSTANCE;

  @Override
  public void allocate(Path file, long offsetBytes, long lengthBytes) throws IOException {
    try (PosixFile open = PosixFile.open(file)) {
      open.allocate(offsetBytes, lengthBytes);
    }
  }

  @Override
  public boolean giveBack(Path file, long offsetBytes, long lengthBytes) throws IOException {
    try (PosixFile open = PosixFile.open(file)) {
      return open.punchHole(offsetBytes, lengthBytes);
    }
  }
}
