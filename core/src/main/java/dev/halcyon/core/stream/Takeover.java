package dev.halcyon.core.stream;

import java.util.Locale;

/** What becomes of a publisher who comes while the stream has one. */
public enum Takeover {
  /** It is refused; the first goes on. */
  REFUSE,
  /** It takes the place of the first, which is disconnected. */
  REPLACE;

  /** Its name in the API and in the database. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * @throws IllegalArgumentException when it is none
   */
  public static Takeover ofWire(String wire) {
    return valueOf(wire.toUpperCase(Locale.ROOT));
  }
}
