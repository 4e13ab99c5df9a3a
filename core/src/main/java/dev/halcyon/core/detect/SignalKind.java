package dev.halcyon.core.detect;

import java.util.Locale;

/** What a detector can find. {@link #term()} is the part of the score that it feeds. */
public enum SignalKind {
  CROWD_REACTION(ScoreTerm.ENERGY),
  LOUD_MOMENT(ScoreTerm.ENERGY),
  LAUGHTER(ScoreTerm.ENERGY),
  KEYWORD(ScoreTerm.KEYWORD),
  EMOTIONAL_MOMENT(ScoreTerm.SENTIMENT),
  SCENE_CHANGE(ScoreTerm.SCENE_DENSITY),
  FACE(ScoreTerm.SENTIMENT),
  GAME_EVENT(ScoreTerm.GAME),
  CHAT_RATE(ScoreTerm.SENTIMENT),
  MANUAL_MARK(ScoreTerm.KEYWORD);

  private final ScoreTerm term;

  SignalKind(ScoreTerm term) {
    this.term = term;
  }

  public ScoreTerm term() {
    return term;
  }

  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static SignalKind ofWire(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
