package dev.halcyon.core.caption;

import java.util.Arrays;
import java.util.Locale;

/** Where upright clips are posted: each lays its controls over other parts of the picture. */
public enum Platform {
  /** Captions keep clear of the controls of all of them. */
  ANY,
  TIKTOK,
  REELS,
  SHORTS;

  /** What it leaves free of an upright clip. */
  public SafeArea safe() {
    return switch (this) {
      case ANY -> SafeArea.EVERYWHERE;
      case TIKTOK -> SafeArea.TIKTOK;
      case REELS -> SafeArea.REELS;
      case SHORTS -> SafeArea.SHORTS;
    };
  }

  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * @throws IllegalArgumentException when there is none of that name
   */
  public static Platform ofWire(String wire) {
    return Arrays.stream(values())
        .filter(platform -> platform.wire().equals(wire))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("platform: any, tiktok, reels or shorts"));
  }
}
