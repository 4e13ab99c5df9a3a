package dev.halcyon.core.select;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The lists behind {@link SpokenSignals}; English. */
final class ListenWords {
  /**
   * @param text between blanks, so that it is found as words
   */
  record Phrase(String text, double strength) {}

  /**
   * Strongest first. Words that every talk is full of ("because", "never") are not among them: they
   * would add up to as much as a phrase that matters.
   */
  static final List<Phrase> PHRASES =
      phrases(
          """
          0.6 the secret is
          0.6 biggest mistake
          0.6 most important
          0.6 changed my life
          0.6 nobody tells you
          0.6 no one tells you
          0.6 you won't believe
          0.6 i can't believe
          0.6 are you kidding
          0.6 oh my god
          0.6 no way
          0.6 what just happened
          0.5 here's the thing
          0.5 the truth is
          0.5 the problem is
          0.5 the reason why
          0.5 let me tell you
          0.5 the best part
          0.5 the worst part
          0.5 the crazy part
          0.5 what if
          0.5 never ever
          0.5 for the first time
          0.5 i was wrong
          0.5 you have to
          0.5 ask not
          0.5 game winner
          0.5 what a goal
          0.5 what a save
          0.5 what a shot
          0.5 unbelievable
          0.5 world record
          0.4 how to
          0.4 number one
          0.4 step one
          0.4 lesson
          0.4 secret
          0.4 mistake
          0.4 mistakes
          0.4 imagine
          0.4 insane
          0.4 incredible
          0.4 goal
          0.4 wins
          0.4 won
          0.4 breaking
          0.4 million
          0.4 billion
          0.4 first time
          """);

  /** Words of feeling, good or bad, by their points. */
  static final Map<String, Double> FEELINGS =
      feelings(
          """
          1.5 love amazing awesome hate terrible horrible incredible unbelievable insane brilliant devastating heartbreaking terrified furious ecstatic
          1 happy beautiful wonderful fantastic perfect best worst awful crazy scared afraid angry cry crying laugh laughing joy pain hurt died death dead kill killed fear proud hope dream beloved hilarious wow thrilled disgusting shocking shocked miracle
          0.5 good great bad sad funny fun sorry wrong fight fighting win won lose lost failed fail failure success strong broken excited surprise surprised worry worried lucky problem danger dangerous risk free
          """);

  private ListenWords() {}

  private static List<Phrase> phrases(String table) {
    return table
        .lines()
        .map(
            line -> {
              int blank = line.indexOf(' ');
              return new Phrase(
                  line.substring(blank) + " ", Double.parseDouble(line.substring(0, blank)));
            })
        .sorted(Comparator.comparingDouble(Phrase::strength).reversed())
        .toList();
  }

  private static Map<String, Double> feelings(String table) {
    Map<String, Double> points = new HashMap<>();
    for (String line : table.lines().toList()) {
      String[] words = line.split(" ", -1);
      for (int i = 1; i < words.length; i++) {
        points.put(words[i], Double.parseDouble(words[0]));
      }
    }
    return Map.copyOf(points);
  }
}
