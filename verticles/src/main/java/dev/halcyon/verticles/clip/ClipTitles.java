package dev.halcyon.verticles.clip;

import dev.halcyon.core.clip.ClipReason;
import dev.halcyon.core.detect.Signal;
import dev.halcyon.core.detect.SignalKind;
import java.util.Comparator;

/** A title for a clip that was given none. */
final class ClipTitles {
  private ClipTitles() {}

  static String of(ClipReason reason) {
    return reason.signals().stream()
        .max(Comparator.comparingDouble(Signal::strength))
        .map(signal -> nameOf(signal.kind()))
        .orElse("Clip");
  }

  /**
   * The title of a further part of a clip's window.
   *
   * @param before of the part before
   * @param part from 2
   */
  static String ofPart(String before, int part) {
    String ofPartBefore = " (" + (part - 1) + ")";
    boolean isNumbered = part > 2 && before.endsWith(ofPartBefore);
    String bare =
        isNumbered ? before.substring(0, before.length() - ofPartBefore.length()) : before;
    return bare + " (" + part + ")";
  }

  private static String nameOf(SignalKind kind) {
    return switch (kind) {
      case CROWD_REACTION -> "Crowd reaction";
      case LOUD_MOMENT -> "Loud moment";
      case LAUGHTER -> "Laughter";
      case APPLAUSE -> "Applause";
      case CHEER -> "Cheering";
      case GUNSHOT -> "Shot";
      case SPEECH -> "Speech";
      case MUSIC -> "Music";
      case KEYWORD -> "Keyword";
      case EMOTIONAL_MOMENT -> "Emotional moment";
      case SCENE_CHANGE -> "Scene change";
      case FACE -> "Face";
      case GAME_EVENT -> "Game event";
      case CHAT_RATE -> "Chat burst";
      case MANUAL_MARK -> "Mark";
    };
  }
}
