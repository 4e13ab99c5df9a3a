package dev.halcyon.core.transcript;

import java.util.Locale;
import java.util.Optional;

/** The forms in which transcripts are given. */
public enum TranscriptFormat {
  /** What Whisper, WhisperX and their kin write. */
  WORDS_JSON(".json"),
  SUB_RIP(".srt"),
  WEB_VTT(".vtt");

  private final String ending;

  TranscriptFormat(String ending) {
    this.ending = ending;
  }

  /** By the ending of a file's name, in whatever case. */
  public static Optional<TranscriptFormat> ofFileName(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    for (TranscriptFormat format : values()) {
      if (lower.endsWith(format.ending)) {
        return Optional.of(format);
      }
    }
    return Optional.empty();
  }
}
