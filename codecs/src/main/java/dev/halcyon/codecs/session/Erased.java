package dev.halcyon.codecs.session;

import dev.halcyon.core.media.Track;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Up to where people deleted a recording of which nothing is left: what the ring still holds of it
 * is not recorded once more. One line of text beside the files.
 */
record Erased(int epoch, long toUs) {
  private static final Logger log = LoggerFactory.getLogger(Erased.class);
  private static final String NAME = "erased";

  /** Blocking. */
  static Optional<Erased> read(Path dir) throws IOException {
    Path file = dir.resolve(NAME);
    if (Files.notExists(file)) {
      return Optional.empty();
    }
    String[] words = Files.readString(file).strip().split(" ", -1);
    try {
      return Optional.of(new Erased(Integer.parseInt(words[0]), Long.parseLong(words[1])));
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException torn) {
      log.warn("unreadable, passed over [file={}]", file, torn);
      return Optional.empty();
    }
  }

  void write(Path dir) throws IOException {
    Files.writeString(dir.resolve(NAME), epoch + " " + toUs + "\n");
  }

  RecordedEnd end() {
    long[] dtsUs = new long[Track.MAX_TRACKS];
    Arrays.fill(dtsUs, toUs);
    return RecordedEnd.of(epoch, dtsUs, toUs);
  }
}
