package dev.halcyon.core.caption;

import dev.halcyon.core.analysis.TimeSpan;
import dev.halcyon.core.caption.WordDrawing.Mark;
import java.text.BreakIterator;
import java.util.Locale;

/** How the words of each style move: pure functions of time, in steps that an eye just sees. */
final class CaptionMotion {
  private static final double STEPS = 64;

  private static final long POP_US = 200_000;
  private static final long POP_FADE_US = 80_000;
  private static final double POP_FROM = 0.6;
  private static final double POP_BEYOND = 1.12;

  /** Part of a pop in which the word grows; it settles in the rest. */
  private static final double POP_GROWS = 0.6;

  private static final long BOUNCE_US = 320_000;
  private static final double BOUNCE_EM = 0.28;

  private CaptionMotion() {}

  static WordDrawing word(CaptionStyle style, CaptionLine line, int index, long clipUs) {
    TimeSpan spoken = line.words().get(index).span();
    return switch (style) {
      case HIGHLIGHT_WORD -> mark(line, index, clipUs);
      case KARAOKE -> karaoke(spoken, clipUs);
      case POP_IN -> pop(spoken, clipUs, mark(line, index, clipUs));
      case TYPEWRITER -> typed(line.words().get(index), clipUs);
      case BOUNCE -> bounce(spoken, clipUs, mark(line, index, clipUs));
    };
  }

  /** The word that was begun last is marked, also while nothing is said before the next. */
  private static WordDrawing mark(CaptionLine line, int index, long clipUs) {
    boolean isBegun = clipUs >= line.words().get(index).span().fromUs();
    boolean isLast = index + 1 == line.words().size();
    boolean isOver = !isLast && clipUs >= line.words().get(index + 1).span().fromUs();
    return isBegun && !isOver ? WordDrawing.ACTIVE : WordDrawing.PLAIN;
  }

  private static WordDrawing karaoke(TimeSpan spoken, long clipUs) {
    double fill = step(part(clipUs - spoken.fromUs(), spoken.lengthUs()));
    return new WordDrawing(WordDrawing.ALL_LETTERS, Mark.PLAIN, fill, 1, 1, 0);
  }

  private static WordDrawing pop(TimeSpan spoken, long clipUs, WordDrawing settled) {
    long sinceUs = clipUs - spoken.fromUs();
    if (sinceUs < 0) {
      return WordDrawing.UNSEEN;
    }
    double part = part(sinceUs, POP_US);
    double scale =
        part < POP_GROWS
            ? POP_FROM + (POP_BEYOND - POP_FROM) * eased(part / POP_GROWS)
            : POP_BEYOND + (1 - POP_BEYOND) * eased((part - POP_GROWS) / (1 - POP_GROWS));
    double alpha = step(part(sinceUs, POP_FADE_US));
    return new WordDrawing(WordDrawing.ALL_LETTERS, settled.mark(), 0, step(scale), alpha, 0);
  }

  private static WordDrawing typed(CaptionWord word, long clipUs) {
    long sinceUs = clipUs - word.span().fromUs();
    if (sinceUs < 0) {
      return WordDrawing.UNSEEN;
    }
    int letters = letters(word.text());
    int shown = 1 + (int) (part(sinceUs, word.span().lengthUs()) * letters);
    return shown >= letters ? WordDrawing.PLAIN : new WordDrawing(shown, Mark.PLAIN, 0, 1, 1, 0);
  }

  private static int letters(String text) {
    BreakIterator letters = BreakIterator.getCharacterInstance(Locale.ROOT);
    letters.setText(text);
    int count = 0;
    while (letters.next() != BreakIterator.DONE) {
      count++;
    }
    return count;
  }

  private static WordDrawing bounce(TimeSpan spoken, long clipUs, WordDrawing settled) {
    double part = part(clipUs - spoken.fromUs(), BOUNCE_US);
    double offset = -BOUNCE_EM * 4 * part * (1 - part);
    return new WordDrawing(WordDrawing.ALL_LETTERS, settled.mark(), 0, 1, 1, step(offset));
  }

  private static double part(long us, long ofUs) {
    return Math.clamp((double) us / Math.max(1, ofUs), 0, 1);
  }

  /** Slow at both ends. */
  private static double eased(double part) {
    return part * part * (3 - 2 * part);
  }

  /** The sum turns −0 into 0, which records tell apart. */
  private static double step(double value) {
    return Math.rint(value * STEPS) / STEPS + 0.0;
  }
}
