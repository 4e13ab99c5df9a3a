package dev.halcyon.core.detect;

/** The five terms of a highlight's score and their default weights. */
public enum ScoreTerm {
  ENERGY(0.30),
  KEYWORD(0.25),
  SCENE_DENSITY(0.15),
  SENTIMENT(0.15),
  GAME(0.15);

  private final double weight;

  ScoreTerm(double weight) {
    this.weight = weight;
  }

  public double weight() {
    return weight;
  }
}
