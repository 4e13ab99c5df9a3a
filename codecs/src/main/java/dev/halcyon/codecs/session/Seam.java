package dev.halcyon.codecs.session;

import java.util.Locale;

/**
 * How a fragment joins what was recorded before it. {@link #id} is written into files: values are
 * never reused.
 */
public enum Seam {
  /** Nothing is missing between the two. */
  CONTINUOUS(0),
  /** Recording was switched on here, or the stream began. */
  BEGUN(1),
  /** The recorder was too slow, or away: the ring had dropped what lay between. */
  LAGGED(2),
  /** There was no room on the disk. */
  NO_SPACE(3),
  /** What lay between was damaged or could not be written. */
  DAMAGED(4);

  private final int id;

  Seam(int id) {
    this.id = id;
  }

  int id() {
    return id;
  }

  /** Whether media that arrived may be missing before the fragment. */
  public boolean isLoss() {
    return this != CONTINUOUS && this != BEGUN;
  }

  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** {@link #DAMAGED} for one that a later version wrote. */
  static Seam ofId(int id) {
    for (Seam seam : values()) {
      if (seam.id == id) {
        return seam;
      }
    }
    return DAMAGED;
  }
}
