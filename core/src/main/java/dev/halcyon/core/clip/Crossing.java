package dev.halcyon.core.clip;

import java.util.Locale;

/** What becomes of a window that spans epochs: the publisher reconnected inside of it. */
public enum Crossing {
  /**
   * One clip over all epochs whose codecs agree, the time between them stated as a gap; where they
   * do not agree, as {@link #SPLIT}.
   */
  STITCH,
  /** One clip for each epoch; the later ones name the first. */
  SPLIT,
  /** No clip over several epochs: a window lies in one, or is refused. */
  REFUSE;

  /** Its name in the API and in the database. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * @throws IllegalArgumentException when it is none
   */
  public static Crossing ofWire(String wire) {
    return valueOf(wire.toUpperCase(Locale.ROOT));
  }
}
