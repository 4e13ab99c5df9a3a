package dev.halcyon.core.clip;

import java.util.Locale;

/** What people think of a clip. */
public enum Approval {
  /** Nobody has looked yet. */
  PENDING,
  APPROVED,
  REJECTED;

  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Approval ofWire(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
