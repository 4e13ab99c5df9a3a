package dev.halcyon.core.clip;

import java.util.Locale;
import java.util.Objects;

/**
 * One file of a clip.
 *
 * @param version from 1, ascending
 * @param container {@code mp4} or {@code webm}
 * @param blobKey where the blob store keeps it, {@code {workspace}/clips/{clip}/…}
 * @param sizeBytes length of the file
 */
public record ClipVersion(
    int version,
    Kind kind,
    String container,
    String blobKey,
    long sizeBytes,
    CutContract contract) {
  public ClipVersion {
    Objects.requireNonNull(blobKey, "blobKey");
    Objects.requireNonNull(contract, "contract");
  }

  /** How the version was made. */
  public enum Kind {
    INSTANT,
    RENDER;

    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Kind ofWire(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }
}
