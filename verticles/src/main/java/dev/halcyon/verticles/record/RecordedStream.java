package dev.halcyon.verticles.record;

import dev.halcyon.codecs.session.RecordedRange;
import dev.halcyon.codecs.session.SessionFile;
import dev.halcyon.core.stream.RecordingHealth;
import java.util.List;

/**
 * What is recorded of a stream.
 *
 * @param ranges oldest first
 * @param files with something in them, oldest first
 */
public record RecordedStream(
    RecordingHealth health, List<RecordedRange> ranges, List<SessionFile> files) {
  public RecordedStream {
    ranges = List.copyOf(ranges);
    files = List.copyOf(files);
  }
}
