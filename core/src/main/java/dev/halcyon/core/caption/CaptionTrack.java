package dev.halcyon.core.caption;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * All captions of a clip, and what of them is drawn at any clip time. A pure function of time.
 * Immutable; any thread.
 *
 * @param lines in order of time; none begins before the one before has gone
 */
public record CaptionTrack(CaptionStyle style, List<CaptionLine> lines) {
  public CaptionTrack {
    Objects.requireNonNull(style, "style");
    lines = List.copyOf(lines);
    for (int i = 1; i < lines.size(); i++) {
      if (lines.get(i).span().fromUs() < lines.get(i - 1).span().toUs()) {
        throw new IllegalArgumentException(
            "lines overlap [fromUs=" + lines.get(i).span().fromUs() + "]");
      }
    }
  }

  /** The line that stands at a time. */
  public Optional<CaptionLine> lineAt(long clipUs) {
    int low = 0;
    int high = lines.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (lines.get(middle).span().fromUs() <= clipUs) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low > 0 && lines.get(low - 1).span().contains(clipUs)
        ? Optional.of(lines.get(low - 1))
        : Optional.empty();
  }

  /** What is drawn at a time. */
  public CaptionDrawing at(long clipUs) {
    Optional<CaptionLine> line = lineAt(clipUs);
    if (line.isEmpty()) {
      return CaptionDrawing.NOTHING;
    }
    List<WordDrawing> words =
        IntStream.range(0, line.get().words().size())
            .mapToObj(word -> CaptionMotion.word(style, line.get(), word, clipUs))
            .toList();
    return new CaptionDrawing(line, words);
  }

  /** Whether the pictures at two times have to be drawn apart. */
  public boolean changesBetween(long clipUs, long laterUs) {
    return !at(clipUs).equals(at(laterUs));
  }
}
