package dev.halcyon.core.transcript;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the cues of SubRip and WebVTT files, which differ in little. What is no cue (numbers, names
 * of cues, notes, styles) is passed over; a line that has an arrow must be a time.
 */
final class CueReader {
  private static final int MAX_CUES = 200_000;
  private static final int MAX_CUE_LINES = 50;

  /** {@code 1:02:03.456}, {@code 02:03,456}; settings may follow the second one. */
  private static final String STAMP = "(?:(\\d{1,4}):)?(\\d{1,2}):(\\d{1,2})[.,](\\d{1,3})";

  private static final Pattern TIMES =
      Pattern.compile("\\s*" + STAMP + "\\s*-->\\s*" + STAMP + "(?:\\s.*)?");

  private static final Pattern VOICE = Pattern.compile("<v(?:\\.[^ \\t>]*)?[ \\t]+([^>]{1,100})>");

  private final List<Cue> cues = new ArrayList<>();
  private final String[] lines;
  private final Predicate<String> isGap;

  /**
   * @param isGap whether a line ends a cue
   */
  private CueReader(String text, Predicate<String> isGap) {
    this.lines = text.split("\r\n|\n|\r", -1);
    this.isGap = isGap;
  }

  static List<Cue> subRip(String text) {
    return new CueReader(text, String::isBlank).cues("SubRip");
  }

  static List<Cue> webVtt(String text) {
    if (!text.matches("(?s)WEBVTT(?:[ \\t\r\n].*)?")) {
      throw bad("this is no WebVTT file: it does not begin with WEBVTT");
    }
    return new CueReader(text, String::isEmpty).cues("WebVTT");
  }

  private List<Cue> cues(String format) {
    int at = 0;
    while (at < lines.length) {
      if (isBlock(lines[at])) {
        at = blank(at);
      } else if (lines[at].contains("-->")) {
        at = cue(at);
      } else {
        at++;
      }
    }
    boolean isBlank = format.equals("WebVTT") || String.join("", lines).isBlank();
    if (cues.isEmpty() && !isBlank) {
      throw bad(
          "this is no "
              + format
              + " file: no line has times such as 00:00:01,000 --> 00:00:02,000");
    }
    return cues;
  }

  /** Blocks of WebVTT whose text may look like anything. */
  private static boolean isBlock(String line) {
    return line.matches("(?:NOTE|STYLE|REGION)(?:[ \\t].*)?") && !line.contains("-->");
  }

  private int blank(int from) {
    int at = from;
    while (at < lines.length && !isGap.test(lines[at])) {
      at++;
    }
    return at;
  }

  /** Takes the cue whose times stand in a line; gives the line after it. */
  private int cue(int timesAt) {
    Matcher times = TIMES.matcher(lines[timesAt]);
    if (!times.matches()) {
      throw bad("line " + (timesAt + 1) + ": no times such as 00:00:01.000 --> 00:00:02.000");
    }
    if (cues.size() == MAX_CUES) {
      throw bad("the transcript has more than " + MAX_CUES + " cues");
    }
    int end = timesAt + 1;
    while (end < lines.length && !isGap.test(lines[end]) && !isNext(end)) {
      end++;
    }
    if (end - timesAt > MAX_CUE_LINES) {
      throw bad("line " + (timesAt + 1) + ": a cue has more than " + MAX_CUE_LINES + " lines");
    }
    String text = String.join("\n", List.of(lines).subList(timesAt + 1, end));
    Matcher voice = VOICE.matcher(text);
    Optional<String> speaker =
        voice.find()
            ? Optional.of(voice.group(1).strip()).filter(s -> !s.isEmpty())
            : Optional.empty();
    long fromUs = timeUs(times, 1);
    long toUs = timeUs(times, 5);
    if (toUs > fromUs) {
      cues.add(new Cue(fromUs, toUs, speaker, text));
    }
    return end;
  }

  /** Whether the next cue begins here, for files that forget the blank line between two. */
  private boolean isNext(int at) {
    return lines[at].contains("-->")
        || (lines[at].matches("\\s*\\d{1,9}\\s*")
            && at + 1 < lines.length
            && TIMES.matcher(lines[at + 1]).matches());
  }

  /** Of the four groups from {@code group} on. */
  static long timeUs(Matcher stamp, int group) {
    long hours = stamp.group(group) == null ? 0 : Long.parseLong(stamp.group(group));
    long minutes = hours * 60 + Long.parseLong(stamp.group(group + 1));
    long seconds = minutes * 60 + Long.parseLong(stamp.group(group + 2));
    String fraction = (stamp.group(group + 3) + "00").substring(0, 3);
    long us = (seconds * 1000 + Long.parseLong(fraction)) * 1000;
    if (us > WordTimes.MAX_US) {
      throw bad("a time is later than 48 hours: " + stamp.group());
    }
    return us;
  }

  private static HalcyonException bad(String sentence) {
    return new HalcyonException(ErrorCode.BAD_REQUEST, sentence);
  }
}
