package dev.halcyon.verticles.api;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a client may read of a text that was written for the log. Any thread. */
final class PublicText {
  /** An absolute path: a slash that does not divide two words. */
  private static final Pattern PATH = Pattern.compile("(?<!\\w)/[\\w.~-]");

  private PublicText() {}

  /** {@code text} up to the first path of the server in it; a path may have blanks, so no more. */
  static String of(String text) {
    Matcher path = PATH.matcher(text);
    if (!path.find()) {
      return text;
    }
    String before = text.substring(0, path.start()).stripTrailing();
    return before.isEmpty()
        ? "the server could not make the file; its log says why"
        : before + " …";
  }
}
