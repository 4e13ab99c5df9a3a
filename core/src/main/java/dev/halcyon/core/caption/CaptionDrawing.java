package dev.halcyon.core.caption;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What of the captions is to be seen at a moment. Two moments with equal drawings look the same.
 *
 * @param line empty when nothing is shown
 * @param words how each of its words is drawn, in their order
 */
public record CaptionDrawing(Optional<CaptionLine> line, List<WordDrawing> words) {
  public static final CaptionDrawing NOTHING = new CaptionDrawing(Optional.empty(), List.of());

  public CaptionDrawing {
    words = List.copyOf(words);
    if (Objects.requireNonNull(line, "line").map(l -> l.words().size()).orElse(0) != words.size()) {
      throw new IllegalArgumentException("words without drawings [words=" + words.size() + "]");
    }
  }

  public boolean isNothing() {
    return line.isEmpty();
  }
}
