package dev.halcyon.verticles.record;

import dev.halcyon.codecs.session.SessionStore;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;

/** For tests: the real disk, which says that so much is free, or refuses to be written. */
final class FullDisk implements SessionStore {
  private volatile long usableBytes = Long.MAX_VALUE / 2;
  private volatile boolean isBroken;

  void usable(long bytes) {
    usableBytes = bytes;
  }

  void broken(boolean is) {
    isBroken = is;
  }

  @Override
  public FileChannel open(Path file, OpenOption... options) throws IOException {
    if (isBroken) {
      throw new IOException("Input/output error");
    }
    return FileChannel.open(file, options);
  }

  @Override
  public long usableBytes(Path dir) {
    return usableBytes;
  }
}
