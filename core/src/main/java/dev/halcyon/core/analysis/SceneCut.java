package dev.halcyon.core.analysis;

import java.util.Objects;

/**
 * Where one shot of a file gives way to the next.
 *
 * @param atUs begin of the first picture of the new shot; of a fade, of its darkest or, when there
 *     is none, its middle picture
 * @param kind how
 * @param strength 0..1: how sure
 * @param transition from the last picture that is the old shot alone to the first that is the new
 *     one alone; empty, at {@code atUs}, for a hard cut
 */
public record SceneCut(long atUs, Kind kind, double strength, TimeSpan transition) {
  /** How one shot gives way to the next. */
  public enum Kind {
    /** From one picture to the next. */
    HARD,
    /** Over some pictures: through black or white, or one dissolving into the other. */
    FADE
  }

  public SceneCut {
    Objects.requireNonNull(kind, "kind");
    if (!(strength >= 0 && strength <= 1)) {
      throw new IllegalArgumentException("strength out of 0..1 [strength=" + strength + "]");
    }
    if (atUs < transition.fromUs() || atUs > transition.toUs()) {
      throw new IllegalArgumentException(
          "outside of its transition [atUs=" + atUs + ", transition=" + transition + "]");
    }
  }

  public static SceneCut hard(long atUs, double strength) {
    return new SceneCut(atUs, Kind.HARD, strength, new TimeSpan(atUs, atUs));
  }
}
