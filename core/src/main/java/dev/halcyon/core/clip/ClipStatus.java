package dev.halcyon.core.clip;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * The life of a clip. Of a stream: {@code requested → opened → playable → sealed → rendering →
 * ready}; of a job: {@code requested → rendering → ready}, and once more from ready or failed.
 */
public enum ClipStatus {
  REQUESTED,
  OPENED,
  PLAYABLE,
  SEALED,
  RENDERING,
  READY,
  FAILED;

  /** Whether this state may be followed by {@code next}; states may be skipped forwards. */
  public boolean canBecome(ClipStatus next) {
    return successors().contains(next);
  }

  private Set<ClipStatus> successors() {
    return switch (this) {
      case REQUESTED -> EnumSet.of(OPENED, PLAYABLE, SEALED, RENDERING, FAILED);
      case OPENED -> EnumSet.of(PLAYABLE, SEALED, FAILED);
      case PLAYABLE -> EnumSet.of(SEALED, FAILED);
      case SEALED -> EnumSet.of(RENDERING);
      case RENDERING -> EnumSet.of(READY, FAILED);
      case READY -> EnumSet.of(RENDERING);
      case FAILED -> EnumSet.of(RENDERING);
    };
  }

  /** Whether a file can be downloaded. */
  public boolean isDownloadable() {
    return this == SEALED || this == RENDERING || this == READY;
  }

  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static ClipStatus ofWire(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
