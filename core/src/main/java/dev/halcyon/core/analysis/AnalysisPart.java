package dev.halcyon.core.analysis;

import java.util.Optional;
import java.util.Set;

/** What can be asked of an analysis; all parts share one decode. */
public enum AnalysisPart {
  SOUND,
  SCENES,
  FACES;

  /**
   * The part whose time the decoding of pictures counts to: the cuts need every one of them. Empty
   * when there are no parts.
   */
  public static Optional<AnalysisPart> decodingOf(Set<AnalysisPart> parts) {
    if (parts.contains(SCENES)) {
      return Optional.of(SCENES);
    }
    return parts.contains(FACES) ? Optional.of(FACES) : parts.stream().findFirst();
  }
}
