package dev.halcyon.codecs.caption;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import io.github.humbleui.skija.Data;
import io.github.humbleui.skija.FontMgr;
import io.github.humbleui.skija.Typeface;
import java.io.IOException;
import java.io.InputStream;
import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedSet;

/**
 * The fonts of captions. They come with Halcyon, so that a clip looks the same on every machine;
 * for what none of them has, and for emoji in colour, a font of the machine stands in; what that
 * has not either is left out. One thread; closed by who opened it.
 */
final class CaptionFonts implements AutoCloseable {
  /** In this order: Latin, Greek, Cyrillic; then Hebrew, Arabic, and symbols with simple faces. */
  private static final List<String> FILES =
      List.of(
          "/com/formdev/flatlaf/fonts/inter/Inter-Bold.otf",
          "/net/sf/jasperreports/fonts/dejavu/DejaVuSans-Bold.ttf",
          "/net/sf/jasperreports/fonts/dejavu/DejaVuSans.ttf");

  private static final int ZERO_WIDTH_JOINER = 0x200d;
  private static final int FIRST_VARIATION = 0xfe00;
  private static final int LAST_VARIATION = 0xfe0f;

  private final List<Typeface> typefaces = new ArrayList<>();
  private final MachineFonts machine = new MachineFonts();

  /**
   * Text of one font.
   *
   * @param isPictures whether its letters are pictures in colour, without outlines
   */
  record Run(Typeface typeface, String text, boolean isPictures) {
    Run withText(String other) {
      return new Run(typeface, other, isPictures);
    }
  }

  private CaptionFonts() {}

  /**
   * @throws HalcyonException UNSUPPORTED_MEDIA when this machine cannot draw text at all
   */
  static CaptionFonts open() {
    CaptionFonts fonts = new CaptionFonts();
    try {
      for (String file : FILES) {
        fonts.typefaces.add(load(file));
      }
      return fonts;
    } catch (LinkageError absent) {
      fonts.close();
      throw new HalcyonException(
          ErrorCode.UNSUPPORTED_MEDIA,
          "captions cannot be drawn: a system library is missing (libGL, libEGL or libfontconfig;"
              + " Debian: libgl1 libegl1 libfontconfig1): "
              + absent.getMessage(),
          absent);
    } catch (RuntimeException failure) {
      fonts.close();
      throw failure;
    }
  }

  private static Typeface load(String file) {
    try (InputStream in = CaptionFonts.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new HalcyonException(ErrorCode.INTERNAL, "a font is not there [file=" + file + "]");
      }
      try (Data data = Data.makeFromBytes(in.readAllBytes())) {
        return FontMgr.getDefault().makeFromData(data);
      }
    } catch (IOException e) {
      throw new HalcyonException(ErrorCode.IO_FAILED, "a font cannot be read: " + file, e);
    }
  }

  /** The font whose metrics place rows. */
  Typeface first() {
    return typefaces.getFirst();
  }

  /** A text in the fonts that have its letters, in logical order. */
  List<Run> runs(String text) {
    List<Run> runs = new ArrayList<>();
    BreakIterator letters = BreakIterator.getCharacterInstance(Locale.ROOT);
    letters.setText(text);
    int from = letters.first();
    for (int to = letters.next(); to != BreakIterator.DONE; from = to, to = letters.next()) {
      Optional<Run> run = run(text.substring(from, to));
      if (run.isEmpty()) {
        continue;
      }
      if (!runs.isEmpty()
          && runs.getLast().typeface().getUniqueId() == run.get().typeface().getUniqueId()) {
        Run last = runs.removeLast();
        runs.add(last.withText(last.text() + run.get().text()));
      } else {
        runs.add(run.get());
      }
    }
    if (!runs.isEmpty()) {
      // Behind it stood what was left out.
      Run last = runs.removeLast();
      runs.add(last.withText(last.text().stripTrailing()));
    }
    return runs;
  }

  /** One letter, with the marks on it, in the font that has it; empty when none has. */
  private Optional<Run> run(String letter) {
    if (letter
        .codePoints()
        .anyMatch(c -> c == LAST_VARIATION || Character.isEmojiPresentation(c))) {
      Optional<Typeface> colour = machine.colourEmoji(typeface -> has(typeface, letter));
      if (colour.isPresent()) {
        return Optional.of(new Run(colour.get(), letter, true));
      }
    }
    String plain = drawable(letter);
    if (plain.isEmpty()) {
      return Optional.empty();
    }
    return typefaces.stream()
        .filter(typeface -> has(typeface, plain))
        .findFirst()
        .or(() -> machine.having(plain.codePointAt(0), typeface -> has(typeface, plain)))
        .map(typeface -> new Run(typeface, plain, false));
  }

  private static boolean has(Typeface typeface, String letter) {
    return letter
        .codePoints()
        .allMatch(
            c ->
                c == ZERO_WIDTH_JOINER
                    || (c >= FIRST_VARIATION && c <= LAST_VARIATION)
                    || typeface.getUTF32Glyph(c) != 0);
  }

  /** Without what only tells a colour font how to draw: of joined faces the first is drawn. */
  private static String drawable(String letter) {
    int joiner = letter.codePointAt(0) > 0xffff ? letter.indexOf(ZERO_WIDTH_JOINER) : -1;
    StringBuilder kept = new StringBuilder();
    (joiner < 0 ? letter : letter.substring(0, joiner))
        .codePoints()
        .filter(c -> c < FIRST_VARIATION || c > LAST_VARIATION)
        .filter(c -> c < 0x1f3fb || c > 0x1f3ff) // tones of skin
        .forEach(kept::appendCodePoint);
    return kept.toString();
  }

  /** The fonts of the machine that were used so far, each with what tells it from others. */
  SortedSet<String> machineFonts() {
    return machine.names();
  }

  @Override
  public void close() {
    machine.close();
    typefaces.forEach(Typeface::close);
    typefaces.clear();
  }
}
