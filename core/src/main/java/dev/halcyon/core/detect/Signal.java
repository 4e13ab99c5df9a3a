package dev.halcyon.core.detect;

import java.util.Objects;

/**
 * One detector firing once.
 *
 * @param atUs stream time of the peak
 * @param strength 0..1
 * @param detail a short text for people, at most 200 characters
 */
public record Signal(SignalKind kind, long atUs, double strength, String detail) {
  public Signal {
    Objects.requireNonNull(kind, "kind");
    if (!(strength >= 0 && strength <= 1)) {
      throw new IllegalArgumentException("strength out of 0..1 [strength=" + strength + "]");
    }
    if (detail.length() > 200) {
      throw new IllegalArgumentException("detail too long [length=" + detail.length() + "]");
    }
  }
}
