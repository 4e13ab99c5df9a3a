package dev.halcyon.core.tighten;

import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What is taken out of clips so that they move on.
 *
 * @param silencesOverUs pauses that last longer are shortened
 * @param keepUs what is left of such a pause, half of it on each side
 * @param fillers words that say nothing, without marks; empty set for none, empty for the usual
 *     ones of the language
 */
public record TightenOptions(long silencesOverUs, long keepUs, Optional<Set<String>> fillers) {
  /** Pauses over 0.7 s become a quarter of a second: a breath. */
  public static final TightenOptions USUAL = new TightenOptions(700_000, 250_000, Optional.empty());

  private static final long SHORTEST_SILENCE_US = 200_000;
  private static final long LONGEST_SILENCE_US = 60_000_000;
  private static final int MOST_FILLERS = 200;
  private static final int LONGEST_FILLER = 40;

  public TightenOptions {
    Objects.requireNonNull(fillers, "fillers");
    if (silencesOverUs < SHORTEST_SILENCE_US || silencesOverUs > LONGEST_SILENCE_US) {
      throw new IllegalArgumentException("silences that are shortened: over 200 to 60000 ms");
    }
    if (keepUs < 0 || keepUs > silencesOverUs) {
      throw new IllegalArgumentException("what is kept of a silence: 0 ms to all of it");
    }
    fillers = fillers.map(Set::copyOf);
    for (String filler : fillers.orElse(Set.of())) {
      if (filler.isEmpty()
          || filler.length() > LONGEST_FILLER
          || filler.chars().anyMatch(Character::isWhitespace)) {
        throw new IllegalArgumentException("filler words: single words [" + filler + "]");
      }
    }
    if (fillers.map(Set::size).orElse(0) > MOST_FILLERS) {
      throw new IllegalArgumentException("filler words: " + MOST_FILLERS + " at most");
    }
  }
}
