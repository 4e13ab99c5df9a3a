package dev.halcyon.core.stream;

/** Whether closed ranges of the ring are also kept as session files. */
public enum RecordingMode {
  OFF,
  SESSION
}
