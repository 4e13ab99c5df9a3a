package dev.halcyon.core.detect;

import java.util.Locale;
import java.util.Optional;

/** What a detector can find. */
public enum SignalKind {
  CROWD_REACTION(ScoreTerm.ENERGY),
  LOUD_MOMENT(ScoreTerm.ENERGY),
  LAUGHTER(ScoreTerm.ENERGY),
  APPLAUSE(ScoreTerm.ENERGY),
  CHEER(ScoreTerm.ENERGY),
  GUNSHOT(ScoreTerm.GAME),
  /** Somebody begins to speak. Tells what goes on and is no reason for a clip. */
  SPEECH,
  /** Music begins. Tells what goes on and is no reason for a clip. */
  MUSIC,
  KEYWORD(ScoreTerm.KEYWORD),
  EMOTIONAL_MOMENT(ScoreTerm.SENTIMENT),
  SCENE_CHANGE(ScoreTerm.SCENE_DENSITY),
  FACE(ScoreTerm.SENTIMENT),
  GAME_EVENT(ScoreTerm.GAME),
  CHAT_RATE(ScoreTerm.SENTIMENT),
  MANUAL_MARK(ScoreTerm.KEYWORD);

  private final Optional<ScoreTerm> term;

  SignalKind() {
    term = Optional.empty();
  }

  SignalKind(ScoreTerm fed) {
    term = Optional.of(fed);
  }

  /** Whether it is part of that term of a highlight's score. */
  public boolean feeds(ScoreTerm wanted) {
    return term.isPresent() && term.get() == wanted;
  }

  /** Whether it is part of no score: it is shown and counted, and begins or extends nothing. */
  public boolean isContext() {
    return term.isEmpty();
  }

  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static SignalKind ofWire(String text) {
    return valueOf(text.toUpperCase(Locale.ROOT));
  }
}
