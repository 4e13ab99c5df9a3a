package dev.halcyon.core.stream;

import java.util.Locale;

/** The life of a stream as the API shows it (lower case). */
public enum StreamStatus {
  /** Created, or its publisher went away in order. */
  IDLE,
  /** A publisher is authorised; no packet has come yet. */
  CONNECTING,
  /** Packets arrive. */
  ACTIVE,
  /** The last publisher ended by a fault; {@code last_error} says which. */
  ERROR,
  /** Paused or deleted by its owner: publishers are refused. */
  STOPPED;

  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static StreamStatus ofWire(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
