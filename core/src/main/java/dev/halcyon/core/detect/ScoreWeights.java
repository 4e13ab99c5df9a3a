package dev.halcyon.core.detect;

/**
 * What each term of a highlight's score weighs. Only their ratio to {@code energy} matters: one
 * full-strength sound alone always scores 1.
 *
 * @param energy more than 0, at most 1; the others 0..1
 */
public record ScoreWeights(
    double energy, double keyword, double sceneDensity, double sentiment, double game) {
  public static final ScoreWeights DEFAULT =
      new ScoreWeights(
          ScoreTerm.ENERGY.weight(),
          ScoreTerm.KEYWORD.weight(),
          ScoreTerm.SCENE_DENSITY.weight(),
          ScoreTerm.SENTIMENT.weight(),
          ScoreTerm.GAME.weight());

  /** So that dividing by it stays sane. */
  private static final double LEAST_ENERGY = 0.01;

  public ScoreWeights {
    requireIn("energy", energy, LEAST_ENERGY);
    requireIn("keyword", keyword, 0);
    requireIn("scene_density", sceneDensity, 0);
    requireIn("sentiment", sentiment, 0);
    requireIn("game", game, 0);
  }

  public double of(ScoreTerm term) {
    return switch (term) {
      case ENERGY -> energy;
      case KEYWORD -> keyword;
      case SCENE_DENSITY -> sceneDensity;
      case SENTIMENT -> sentiment;
      case GAME -> game;
    };
  }

  private static void requireIn(String name, double value, double least) {
    if (!(value >= least && value <= 1)) {
      throw new IllegalArgumentException(
          "detection.weights." + name + " out of " + least + "..1 [value=" + value + "]");
    }
  }
}
