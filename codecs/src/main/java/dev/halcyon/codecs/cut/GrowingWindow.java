package dev.halcyon.codecs.cut;

/** The window of a clip that is being taken. Any thread. */
public interface GrowingWindow {
  /** Its end in stream time, exclusive. Final once the window has closed. */
  long toUs();

  /** Whether the ring has all that belongs to the window, or ever will. */
  boolean hasClosed();
}
