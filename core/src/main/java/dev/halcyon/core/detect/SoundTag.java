package dev.halcyon.core.detect;

/** What a tagger of sounds listens for, and what that becomes. */
public enum SoundTag {
  SPEECH(SignalKind.SPEECH, 0.5, 0.2),
  MUSIC(SignalKind.MUSIC, 0.5, 0.2),
  LAUGHTER(SignalKind.LAUGHTER, 0.3, 0.15),
  APPLAUSE(SignalKind.APPLAUSE, 0.3, 0.15),
  CHEER(SignalKind.CHEER, 0.3, 0.15),
  GUNSHOT(SignalKind.GUNSHOT, 0.4, 0.2);

  private final SignalKind kind;
  private final double on;
  private final double off;

  SoundTag(SignalKind kind, double on, double off) {
    this.kind = kind;
    this.on = on;
    this.off = off;
  }

  SignalKind kind() {
    return kind;
  }

  /** From this score on it is heard. */
  double on() {
    return on;
  }

  /** Below this score it is heard no more. */
  double off() {
    return off;
  }
}
