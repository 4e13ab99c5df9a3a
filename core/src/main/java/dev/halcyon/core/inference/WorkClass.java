package dev.halcyon.core.inference;

import java.util.Locale;

/**
 * Kinds of model work that never starve each other: each has its own threads and its own limits.
 */
public enum WorkClass {
  /** Sound: speech, its words, tags of sounds. */
  ASR,
  /** Pictures: faces, objects, text in them. */
  VISION,
  /** What renders need: enhancement, embeddings of finished clips. */
  RENDER;

  /** As a metric's label. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }
}
