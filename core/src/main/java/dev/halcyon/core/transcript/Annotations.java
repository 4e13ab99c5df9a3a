package dev.halcyon.core.transcript;

import java.util.regex.Pattern;

/** What stands in transcripts beside what is said. */
final class Annotations {
  /** {@code [Music]}, {@code (applause)}, {@code ♪}; brackets that close nowhere are text. */
  private static final Pattern SOUNDS =
      Pattern.compile("\\[[^\\[\\]]{0,80}\\]|\\([A-Za-z ]{0,40}\\)|[♩♪♫♬]");

  /** Subtitles mark a change of speakers by {@code >>} or a dash at the begin of a line. */
  private static final Pattern TURNS =
      Pattern.compile("(?m)^[ \\t]*(?:>>+|[-–—](?=[ \\t]))[ \\t]*");

  private Annotations() {}

  static String without(String text) {
    return TURNS.matcher(SOUNDS.matcher(text).replaceAll(" ")).replaceAll("");
  }
}
