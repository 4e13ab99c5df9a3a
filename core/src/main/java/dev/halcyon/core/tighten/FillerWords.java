package dev.halcyon.core.tighten;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Sounds that people make while they think, as transcripts write them. Only those that are no word
 * of their language: "like" and "you know" often mean something.
 */
final class FillerWords {
  private static final Pattern MARKS_AROUND = Pattern.compile("^\\P{L}+|[\\P{L}&&[^?]]+$");

  /** Where the language is not known: what is a word in none (um is one in German). */
  private static final Set<String> ANYWHERE = Set.of("uh", "uhh", "uhm", "erm", "ähm", "euh");

  private static final Map<String, Set<String>> BY_LANGUAGE =
      Map.of(
          "en", Set.of("um", "umm", "uh", "uhh", "uhm", "erm", "hmm"),
          "de", Set.of("äh", "ähm", "öh", "öhm", "ehm", "hm", "hmm"),
          "fr", Set.of("euh", "heu", "hum", "hmm"),
          "es", Set.of("ehm", "eem", "mmm", "hmm"),
          "it", Set.of("ehm", "uhm", "mmm", "hmm"),
          "pt", Set.of("hum", "ahn", "hã", "hmm"),
          "nl", Set.of("eh", "ehm", "uh", "uhm", "hmm"),
          "sv", Set.of("öh", "öhm", "ehm", "hmm"),
          "pl", Set.of("yyy", "eee", "hmm"),
          "ja", Set.of("えーと", "えっと", "あのー", "えー"));

  private final Set<String> words;

  private FillerWords(Set<String> words) {
    this.words = words;
  }

  /** The usual ones of a language, by its BCP 47 tag. */
  static FillerWords of(String language) {
    String primary = Locale.forLanguageTag(language).getLanguage();
    return new FillerWords(BY_LANGUAGE.getOrDefault(primary, ANYWHERE));
  }

  static FillerWords of(Set<String> chosen) {
    return new FillerWords(
        chosen.stream().map(word -> word.toLowerCase(Locale.ROOT)).collect(Collectors.toSet()));
  }

  /**
   * @param written with the marks at it; one that asks ("Hmm?") is none
   */
  boolean has(String written) {
    String bare = MARKS_AROUND.matcher(written.toLowerCase(Locale.ROOT)).replaceAll("");
    return words.contains(bare);
  }
}
