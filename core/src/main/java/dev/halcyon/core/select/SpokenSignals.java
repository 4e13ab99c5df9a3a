package dev.halcyon.core.select;

import dev.halcyon.core.detect.Signal;
import dev.halcyon.core.detect.SignalKind;
import dev.halcyon.core.transcript.Sentence;
import dev.halcyon.core.transcript.Transcript;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What is said that makes people listen: phrases that promise, surprise or settle something, and
 * words of strong feeling, by lists of English words; exclamations and questions in any language.
 */
final class SpokenSignals {
  private static final double EXCLAMATION = 0.2;
  private static final double QUESTION = 0.15;
  private static final double MOST_SENTIMENT = 0.9;

  /** So many points of feeling in a sentence are as strong as a feeling gets. */
  private static final double FULL_SENTIMENT = 3;

  private static final int MAX_DETAIL = 120;

  private SpokenSignals() {}

  /** In order of time. */
  static List<Signal> of(Transcript transcript, List<Sentence> sentences) {
    List<Signal> signals = new ArrayList<>();
    for (Sentence sentence : sentences) {
      keyword(sentence).ifPresent(signals::add);
      feeling(sentence).ifPresent(signals::add);
    }
    return signals;
  }

  /** How much a sentence makes people listen, 0..1. */
  static double strength(Sentence sentence) {
    double keyword = keyword(sentence).map(Signal::strength).orElse(0.0);
    double feeling = feeling(sentence).map(Signal::strength).orElse(0.0);
    return 1 - (1 - keyword) * (1 - feeling);
  }

  private static Optional<Signal> keyword(Sentence sentence) {
    String text = normal(sentence.text());
    double strength = sentence.text().stripTrailing().endsWith("?") ? QUESTION : 0;
    String found = "a question";
    for (ListenWords.Phrase phrase : ListenWords.PHRASES) {
      if (phrase.strength() > strength && text.contains(phrase.text())) {
        strength = phrase.strength();
        found = phrase.text().strip();
      }
    }
    return strength == 0
        ? Optional.empty()
        : Optional.of(signal(SignalKind.KEYWORD, sentence, strength, found));
  }

  private static Optional<Signal> feeling(Sentence sentence) {
    double points = 0;
    String strongest = "";
    double most = 0;
    for (String word : normal(sentence.text()).strip().split(" ", -1)) {
      double weight = ListenWords.FEELINGS.getOrDefault(word, 0.0);
      points += weight;
      if (weight > most) {
        most = weight;
        strongest = word;
      }
    }
    boolean isExclaimed = sentence.text().contains("!") || sentence.text().contains("！");
    double strength =
        Math.min(MOST_SENTIMENT, points / FULL_SENTIMENT + (isExclaimed ? EXCLAMATION : 0));
    String detail = strongest.isEmpty() ? "exclaimed" : strongest;
    return strength < EXCLAMATION
        ? Optional.empty()
        : Optional.of(signal(SignalKind.EMOTIONAL_MOMENT, sentence, strength, detail));
  }

  private static Signal signal(SignalKind kind, Sentence sentence, double strength, String what) {
    String detail = what.substring(0, Math.min(MAX_DETAIL, what.length()));
    return new Signal(kind, sentence.span().fromUs(), strength, detail);
  }

  /** Lower case, words with one blank between them and at both ends. */
  private static String normal(String text) {
    return " "
        + text.toLowerCase(Locale.ROOT)
            .replace('’', '\'')
            .replaceAll("[^\\p{L}\\p{N}']+", " ")
            .strip()
        + " ";
  }
}
