package dev.halcyon.core.stream;

import java.util.Locale;
import java.util.Objects;

/**
 * How the recording of a stream does right now.
 *
 * @param reason why it does not record though it should, for people; empty else
 * @param fromUs stream time of the oldest recorded packet; 0 when nothing is recorded
 * @param toUs stream time of the end of what is recorded
 * @param bytes of all recorded files on the disk
 * @param lagUs how far the recording is behind the ring's end; 0 while it is off
 * @param missedUs stream time that was not recorded although it should have been, since the start
 * @param failures to write, since the start
 */
public record RecordingHealth(
    State state,
    String reason,
    long fromUs,
    long toUs,
    long bytes,
    long lagUs,
    long missedUs,
    long failures) {
  /** Whether what arrives is recorded. */
  public enum State {
    OFF,
    RECORDING,
    /** No room on the disk; it goes on when there is. */
    PAUSED,
    /** The disk cannot be written; it is tried again. */
    FAILING,
    /** MP4 does not carry the stream's codec. */
    UNSUPPORTED;

    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public static final RecordingHealth NOTHING =
      new RecordingHealth(State.OFF, "", 0, 0, 0, 0, 0, 0);

  public RecordingHealth {
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(reason, "reason");
  }
}
