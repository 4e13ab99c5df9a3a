package dev.halcyon.verticles.record;

import dev.halcyon.codecs.session.Recording;
import dev.halcyon.codecs.session.SessionFile;
import dev.halcyon.core.time.Clock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes recorded files that have been kept for long enough, or that a workspace has too many of:
 * the oldest first, never one that is being read or written. Does nothing unless it is asked for.
 * One thread; blocking.
 */
final class Retention {
  private static final Logger log = LoggerFactory.getLogger(Retention.class);

  private final int keepDays;
  private final long keepBytes;
  private final Clock clock;

  /** A closed file and the recording that it belongs to. */
  private record Old(Recording recording, SessionFile file) {}

  /**
   * @param keepDays 0 for ever
   * @param keepBytes of a workspace; 0 for no limit
   */
  Retention(int keepDays, long keepBytes, Clock clock) {
    this.keepDays = keepDays;
    this.keepBytes = keepBytes;
    this.clock = clock;
  }

  boolean isOn() {
    return keepDays > 0 || keepBytes > 0;
  }

  /**
   * @param workspace all recordings of one workspace
   * @return how many files were deleted
   */
  int sweep(List<Recording> workspace) throws IOException {
    List<Old> oldest = new ArrayList<>();
    long bytes = 0;
    for (Recording recording : workspace) {
      bytes += recording.sizeBytes();
      recording.files().stream()
          .filter(file -> !file.isGrowing() && !file.isHeld())
          .forEach(file -> oldest.add(new Old(recording, file)));
    }
    oldest.sort(Comparator.comparingLong(old -> old.file().lastArrivalUs()));
    long goneBeforeUs = clock.wallUs() - TimeUnit.DAYS.toMicros(keepDays);
    int deleted = 0;
    for (Old old : oldest) {
      boolean isTooOld = keepDays > 0 && old.file().lastArrivalUs() < goneBeforeUs;
      boolean isTooMuch = keepBytes > 0 && bytes > keepBytes;
      if (!isTooOld && !isTooMuch) {
        break;
      }
      log.info(
          "deleting a recorded file [file={}, reason={}]",
          old.file().path(),
          isTooOld ? "recording.keep_days" : "recording.keep_bytes");
      bytes -= old.file().sizeBytes();
      old.recording().delete(old.file());
      deleted++;
    }
    return deleted;
  }
}
