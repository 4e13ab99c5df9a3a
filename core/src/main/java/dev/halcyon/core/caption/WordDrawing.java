package dev.halcyon.core.caption;

import java.util.Objects;

/**
 * How one word of a caption is drawn at a moment. All values come in steps, so that equal drawings
 * look equal and the other way round.
 *
 * @param letters how many of its letters (grapheme clusters) are shown, from its logical begin;
 *     {@link #ALL_LETTERS} for all and its emoji; the place of the others stays free
 * @param mark how it stands out
 * @param fill how much of its width has the colour of what is spoken, 0..1, from where reading
 *     begins
 * @param scale 1 for its own size, about the middle of the word
 * @param alpha 0 unseen .. 1
 * @param offsetEm how far below its place it stands, in heights of its letters; negative above
 */
public record WordDrawing(
    int letters, Mark mark, double fill, double scale, double alpha, double offsetEm) {
  public static final int ALL_LETTERS = Integer.MAX_VALUE;

  /** Not to be seen yet. */
  public static final WordDrawing UNSEEN = new WordDrawing(0, Mark.PLAIN, 0, 1, 0, 0);

  public static final WordDrawing PLAIN = new WordDrawing(ALL_LETTERS, Mark.PLAIN, 0, 1, 1, 0);

  public static final WordDrawing ACTIVE = new WordDrawing(ALL_LETTERS, Mark.ACTIVE, 0, 1, 1, 0);

  /** How a word stands out. */
  public enum Mark {
    PLAIN,
    /** It is being spoken. */
    ACTIVE
  }

  public WordDrawing {
    Objects.requireNonNull(mark, "mark");
  }
}
