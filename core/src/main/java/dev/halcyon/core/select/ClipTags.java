package dev.halcyon.core.select;

import dev.halcyon.core.analysis.TimeSpan;
import dev.halcyon.core.detect.Signal;
import dev.halcyon.core.detect.SignalKind;
import dev.halcyon.core.transcript.Transcript;
import dev.halcyon.core.transcript.Word;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Hashtags of clips: the words that a clip has more often than the video has elsewhere (tf-idf over
 * minutes), and what its strongest signal is. Immutable; any thread.
 */
final class ClipTags {
  private static final int MOST_TAGS = 5;
  private static final int LEAST_LETTERS = 4;
  private static final int MOST_LETTERS = 30;
  private static final long MINUTE_US = 60_000_000;

  private static final Set<String> COMMON =
      Set.of(
          "about",
          "after",
          "again",
          "also",
          "always",
          "another",
          "because",
          "been",
          "before",
          "being",
          "both",
          "came",
          "come",
          "could",
          "didn't",
          "does",
          "doesn't",
          "doing",
          "don't",
          "down",
          "each",
          "even",
          "ever",
          "every",
          "from",
          "gets",
          "getting",
          "give",
          "goes",
          "going",
          "gonna",
          "good",
          "gotta",
          "have",
          "haven't",
          "having",
          "here",
          "into",
          "it's",
          "just",
          "kind",
          "know",
          "like",
          "little",
          "look",
          "made",
          "make",
          "many",
          "maybe",
          "mean",
          "more",
          "most",
          "much",
          "must",
          "need",
          "never",
          "okay",
          "only",
          "other",
          "over",
          "people",
          "really",
          "right",
          "said",
          "same",
          "says",
          "should",
          "some",
          "something",
          "still",
          "stuff",
          "such",
          "sure",
          "take",
          "than",
          "that",
          "that's",
          "their",
          "them",
          "then",
          "there",
          "there's",
          "these",
          "they",
          "they're",
          "thing",
          "things",
          "think",
          "this",
          "those",
          "through",
          "time",
          "very",
          "wanna",
          "want",
          "well",
          "went",
          "were",
          "what",
          "what's",
          "when",
          "where",
          "which",
          "while",
          "will",
          "with",
          "would",
          "yeah",
          "year",
          "years",
          "yes",
          "you're",
          "your",
          "can't",
          "won't",
          "i've",
          "we're",
          "we've",
          "aber",
          "auch",
          "dass",
          "eine",
          "einen",
          "haben",
          "nicht",
          "noch",
          "oder",
          "sich",
          "sind",
          "wenn",
          "wird",
          "para",
          "pero",
          "como",
          "esta",
          "este",
          "porque",
          "avec",
          "cette",
          "dans",
          "mais",
          "pour",
          "sont",
          "vous",
          "nous");

  private final Transcript transcript;
  private final Map<String, Integer> minutesOfWord = new HashMap<>();
  private final int minutes;

  ClipTags(Transcript transcript) {
    this.transcript = transcript;
    long minute = -1;
    int count = 0;
    Set<String> seen = new LinkedHashSet<>();
    for (Word word : transcript.words()) {
      if (word.fromUs() / MINUTE_US != minute) {
        minute = word.fromUs() / MINUTE_US;
        count++;
        seen.clear();
      }
      String text = plain(word.text());
      if (isTag(text) && seen.add(text)) {
        minutesOfWord.merge(text, 1, Integer::sum);
      }
    }
    minutes = count;
  }

  List<String> of(TimeSpan span, ScoreTrace trace) {
    Map<String, Double> worth = new HashMap<>();
    for (Word word : transcript.within(span)) {
      String text = plain(word.text());
      if (isTag(text)) {
        double rarity = Math.log(1 + (double) minutes / minutesOfWord.getOrDefault(text, 1));
        worth.merge(text, rarity * (isName(word.text()) ? 1.5 : 1), Double::sum);
      }
    }
    List<String> tags = new ArrayList<>();
    strongest(trace).ifPresent(tags::add);
    worth.entrySet().stream()
        .sorted(
            Map.Entry.<String, Double>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()))
        .map(Map.Entry::getKey)
        .filter(tag -> !tags.contains(tag))
        .limit(MOST_TAGS - tags.size())
        .forEach(tags::add);
    return List.copyOf(tags);
  }

  private static Optional<String> strongest(ScoreTrace trace) {
    return trace.signals().stream()
        .filter(s -> !tag(s.kind()).isEmpty())
        .max(Comparator.comparingDouble(Signal::strength))
        .map(s -> tag(s.kind()));
  }

  private static String tag(SignalKind kind) {
    return switch (kind) {
      case CROWD_REACTION, APPLAUSE, CHEER -> "crowd";
      case LAUGHTER -> "funny";
      case GAME_EVENT, GUNSHOT -> "gaming";
      case LOUD_MOMENT, EMOTIONAL_MOMENT, MANUAL_MARK -> "highlight";
      case KEYWORD, SCENE_CHANGE, FACE, CHAT_RATE, SPEECH, MUSIC -> "";
    };
  }

  private static boolean isName(String word) {
    return Character.isUpperCase(word.codePointAt(0));
  }

  private static String plain(String word) {
    return word.toLowerCase(Locale.ROOT)
        .replace('’', '\'')
        .replaceAll("^[^\\p{L}\\p{N}]+|[^\\p{L}\\p{N}]+$|'s$", "");
  }

  private static boolean isTag(String word) {
    return word.length() >= LEAST_LETTERS
        && word.length() <= MOST_LETTERS
        && !COMMON.contains(word)
        && word.codePoints()
            .allMatch(
                c ->
                    Character.isLetterOrDigit(c)
                        || Character.getType(c) == Character.NON_SPACING_MARK)
        && word.codePoints().anyMatch(Character::isLetter);
  }
}
