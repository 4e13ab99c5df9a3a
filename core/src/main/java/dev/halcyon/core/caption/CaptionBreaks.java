package dev.halcyon.core.caption;

import dev.halcyon.core.transcript.Word;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Where one caption gives way to the next: the cheapest of all ways to break, found from the end.
 */
final class CaptionBreaks {
  /** No caption goes on over a longer silence. */
  private static final long LONGEST_PAUSE_US = 1_000_000;

  /** A pause that is a good place to break. */
  private static final long PAUSE_US = 300_000;

  private static final long LONGEST_US = 5_000_000;
  private static final long SHORTEST_US = 700_000;
  private static final int MOST_WORDS = 16;

  private static final double WITHIN_PHRASE = 4;
  private static final double AFTER_LINKING_WORD = 2;
  private static final double AT_MARK = 1;
  private static final double TWO_SENTENCES = 4;
  private static final double ALONE = 6;
  private static final double HASTY = 3;
  private static final double EMPTY = 3;

  /** What each further caption costs, so that short ones are not preferred. */
  private static final double CAPTION = 1;

  /** Words that belong to what follows. */
  private static final Set<String> LINKING =
      Set.of(
          "a", "an", "the", "of", "to", "in", "on", "at", "by", "for", "with", "and", "or", "but",
          "my", "your", "his", "her", "its", "our", "their", "is", "are", "was", "i", "we", "you",
          "der", "die", "das", "ein", "eine", "und", "le", "la", "les", "un", "une", "el", "los",
          "de", "y", "et", "que");

  private final List<Word> words;
  private final CaptionOptions options;

  CaptionBreaks(List<Word> words, CaptionOptions options) {
    this.words = words;
    this.options = options;
  }

  /** For each caption the index after its last word. */
  int[] ends() {
    int count = words.size();
    double[] cost = new double[count + 1];
    int[] endFrom = new int[count + 1];
    for (int from = count - 1; from >= 0; from--) {
      cost[from] = Double.MAX_VALUE;
      int last = Math.min(count, from + MOST_WORDS);
      for (int end = from + 1; end <= last && isPossible(from, end); end++) {
        double way = caption(from, end) + cost[end];
        if (way < cost[from]) {
          cost[from] = way;
          endFrom[from] = end;
        }
      }
    }
    int[] ends = new int[count];
    int captions = 0;
    for (int at = 0; at < count; at = endFrom[at]) {
      ends[captions++] = endFrom[at];
    }
    return Arrays.copyOf(ends, captions);
  }

  private boolean isPossible(int from, int end) {
    if (end == from + 1) {
      return true;
    }
    long pauseUs = words.get(end - 1).fromUs() - words.get(end - 2).toUs();
    boolean isSameVoice = words.get(end - 1).speaker().equals(words.get(end - 2).speaker());
    return pauseUs <= LONGEST_PAUSE_US
        && isSameVoice
        && words.get(end - 1).toUs() - words.get(from).fromUs() <= LONGEST_US
        && RowBreak.isFitting(words.subList(from, end), options);
  }

  private double caption(int from, int end) {
    List<Word> caption = words.subList(from, end);
    double full = (double) RowBreak.chars(caption) / (options.maxRowChars() * options.maxRows());
    double free = Math.max(0, 1 - full);
    long shownUs = shownToUs(end) - caption.getFirst().fromUs();
    double cost = CAPTION + breakAfter(end) + EMPTY * free * free;
    cost += shownUs < SHORTEST_US ? HASTY : 0;
    for (int i = from; i < end - 1; i++) {
      cost += isEndMark(words.get(i).text()) ? TWO_SENTENCES : 0;
    }
    boolean isBegun = from > 0 && breakAfter(from) >= WITHIN_PHRASE;
    boolean isTorn = isBegun || breakAfter(end) >= WITHIN_PHRASE;
    return cost + (caption.size() == 1 && isTorn ? ALONE : 0);
  }

  private long shownToUs(int end) {
    return end < words.size() ? words.get(end).fromUs() : words.getLast().toUs() + PAUSE_US;
  }

  /** What a break before word {@code end} costs. */
  private double breakAfter(int end) {
    if (end == words.size()) {
      return 0;
    }
    Word word = words.get(end - 1);
    Word next = words.get(end);
    if (isEndMark(word.text()) || !word.speaker().equals(next.speaker())) {
      return 0;
    }
    if (isPauseMark(word.text()) || next.fromUs() - word.toUs() >= PAUSE_US) {
      return AT_MARK;
    }
    boolean isLinking = LINKING.contains(word.text().toLowerCase(Locale.ROOT));
    return WITHIN_PHRASE + (isLinking ? AFTER_LINKING_WORD : 0);
  }

  private static boolean isEndMark(String word) {
    return ends(word, ".!?…。！？؟۔।");
  }

  /** Whether a word carries a mark at which a speaker draws breath. */
  static boolean isPauseMark(String word) {
    return ends(word, ",;:—–、，；：،؛.!?…。！？؟۔।");
  }

  private static boolean ends(String word, String marks) {
    int last = word.length() - 1;
    while (last > 0 && "\"'”’»)]」』".indexOf(word.charAt(last)) >= 0) {
      last--;
    }
    return marks.indexOf(word.charAt(last)) >= 0;
  }
}
