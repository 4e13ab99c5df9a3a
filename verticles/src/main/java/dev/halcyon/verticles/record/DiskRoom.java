package dev.halcyon.verticles.record;

import dev.halcyon.codecs.session.SessionStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/** How much of the disk recordings may still take. Blocking; any thread. */
record DiskRoom(SessionStore store, Path dir, long keptFreeBytes) {
  /** So that a disk at its limit does not pause and go on with every range. */
  private static final long RESUME_BYTES = 64L << 20;

  boolean has(long bytes) throws IOException {
    return store.usableBytes(dir) - bytes >= keptFreeBytes;
  }

  /** Whether a pause may end. */
  boolean hasAgain(long bytes) throws IOException {
    return has(bytes + RESUME_BYTES);
  }

  String lack() {
    return String.format(
        Locale.ROOT,
        "the disk has less than recording.free_bytes (%,d MiB) left",
        keptFreeBytes >> 20);
  }
}
