package dev.halcyon.core.transcript;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes words of cues. Where cues overlap, the earlier one ends as the later begins; those that
 * begin together are read one after the other. Captions that roll up (each cue repeats the line
 * that was shown before, as recognisers of video sites write them) say each line once.
 */
final class CueWords {
  private static final Pattern WORD_TIME =
      Pattern.compile("<(?:(\\d{1,4}):)?(\\d{1,2}):(\\d{1,2})[.,](\\d{1,3})>");

  private static final Pattern TAG = Pattern.compile("<[^<>]{0,200}>|\\{\\\\[^{}]{0,200}\\}");

  private static final Pattern ENTITY = Pattern.compile("&(amp|lt|gt|nbsp|quot|lrm|rlm|#39|apos);");

  /** Cues that touch within this roll up. */
  private static final long TOUCH_US = 50_000;

  private final WordTimes words = new WordTimes();

  private CueWords() {}

  static Transcript transcript(List<Cue> given) {
    List<Cue> cues = new ArrayList<>(given);
    cues.sort(Comparator.comparingLong(Cue::fromUs));
    boolean isRolling = cues.stream().anyMatch(cue -> WORD_TIME.matcher(cue.text()).find());
    List<Cue> apart = apart(isRolling ? unrolled(cues) : cues);
    CueWords reader = new CueWords();
    apart.forEach(reader::cue);
    return reader.words.transcript(Transcript.UNKNOWN_LANGUAGE);
  }

  /** Without the lines that the cue before showed as well. */
  private static List<Cue> unrolled(List<Cue> cues) {
    List<Cue> once = new ArrayList<>();
    Set<String> shown = Set.of();
    long shownUs = Long.MIN_VALUE;
    for (Cue cue : cues) {
      Set<String> before = cue.fromUs() - shownUs <= TOUCH_US ? shown : Set.of();
      List<String> fresh =
          cue.text().lines().filter(line -> !before.contains(plain(line).strip())).toList();
      once.add(new Cue(cue.fromUs(), cue.toUs(), cue.speaker(), String.join("\n", fresh)));
      shown = Set.copyOf(cue.text().lines().map(line -> plain(line).strip()).distinct().toList());
      shownUs = cue.toUs();
    }
    return once;
  }

  private static List<Cue> apart(List<Cue> cues) {
    List<Cue> apart = new ArrayList<>();
    for (int i = 0; i < cues.size(); i++) {
      Cue cue = cues.get(i);
      int end = i + 1;
      while (end < cues.size() && cues.get(end).fromUs() == cue.fromUs()) {
        end++;
      }
      long nextUs = end < cues.size() ? cues.get(end).fromUs() : Long.MAX_VALUE;
      addTogether(cues.subList(i, end), nextUs, apart);
      i = end - 1;
    }
    return apart;
  }

  /** Cues that begin together share their time by their length. */
  private static void addTogether(List<Cue> cues, long nextUs, List<Cue> apart) {
    long fromUs = cues.getFirst().fromUs();
    long toUs = Math.min(nextUs, cues.stream().mapToLong(Cue::toUs).max().orElseThrow());
    long chars = cues.stream().mapToLong(cue -> cue.text().length() + 1).sum();
    long before = 0;
    for (Cue cue : cues) {
      long beginUs = fromUs + (toUs - fromUs) * before / chars;
      before += cue.text().length() + 1;
      long endUs =
          Math.min(fromUs + (toUs - fromUs) * before / chars, Math.max(beginUs, cue.toUs()));
      apart.add(new Cue(beginUs, endUs, cue.speaker(), cue.text()));
    }
  }

  private void cue(Cue cue) {
    Matcher time = WORD_TIME.matcher(cue.text());
    long fromUs = cue.fromUs();
    int from = 0;
    while (time.find()) {
      long atUs = Math.clamp(CueReader.timeUs(time, 1), fromUs, cue.toUs());
      add(cue, cue.text().substring(from, time.start()), fromUs, atUs);
      fromUs = atUs;
      from = time.end();
    }
    add(cue, cue.text().substring(from), fromUs, cue.toUs());
  }

  private void add(Cue cue, String piece, long fromUs, long toUs) {
    words.add(Annotations.without(plain(piece)), fromUs, toUs, 1, cue.speaker());
  }

  private static String plain(String text) {
    return ENTITY
        .matcher(TAG.matcher(text).replaceAll(""))
        .replaceAll(
            entity ->
                switch (entity.group(1)) {
                  case "amp" -> "&";
                  case "lt" -> "<";
                  case "gt" -> ">";
                  case "quot" -> "\"";
                  case "#39", "apos" -> "'";
                  case "nbsp" -> " ";
                  default -> "";
                });
  }
}
