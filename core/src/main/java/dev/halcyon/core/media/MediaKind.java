package dev.halcyon.core.media;

/** What a track carries. */
public enum MediaKind {
  VIDEO,
  AUDIO
}
