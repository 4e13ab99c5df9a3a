package dev.halcyon.core.clip;

import dev.halcyon.core.detect.Signal;
import java.util.List;
import java.util.Locale;

/**
 * Why a clip was made.
 *
 * @param signals the trace of a highlight; empty for a manual clip
 */
public record ClipReason(Kind kind, List<Signal> signals) {
  public ClipReason {
    signals = List.copyOf(signals);
  }

  public static ClipReason manual() {
    return new ClipReason(Kind.MANUAL, List.of());
  }

  public static ClipReason highlight(List<Signal> signals) {
    return new ClipReason(Kind.HIGHLIGHT, signals);
  }

  /** Who asked. */
  public enum Kind {
    HIGHLIGHT,
    MANUAL;

    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Kind ofWire(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }
}
