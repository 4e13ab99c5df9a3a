package dev.halcyon.core.caption;

import java.text.BreakIterator;
import java.util.Locale;

/**
 * Writes captions as Advanced SubStation (v4.00+). Each line is one event; its words change by
 * {@code \t} (a change between two times since the begin of the event), karaoke by {@code \kf}. A
 * single word cannot be moved there, and one that grows would push the others about; so words that
 * pop in or bounce change their height alone, and never beyond that of the row.
 */
final class AssText {
  /** Blue, green, red. */
  private static final String PLAIN = "&HFFFFFF&";

  private static final String ACTIVE = "&H00D4FF&";
  private static final String HIDDEN = "\\alpha&HFF&";
  private static final String SHOWN = "\\alpha&H00&";

  /** Of the shorter side of the frame. */
  private static final double LETTER_HEIGHT = 0.075;

  private final CaptionStyle style;
  private final StringBuilder out = new StringBuilder();

  private AssText(CaptionStyle style) {
    this.style = style;
  }

  static String write(CaptionTrack track, int widthPx, int heightPx, SafeArea safe) {
    AssText text = new AssText(track.style());
    text.head(widthPx, heightPx, safe);
    track.lines().forEach(text::event);
    return text.out.toString();
  }

  private void head(int widthPx, int heightPx, SafeArea safe) {
    long sizePx = Math.round(LETTER_HEIGHT * Math.min(widthPx, heightPx));
    // Karaoke goes from the secondary to the primary colour.
    String primary = style == CaptionStyle.KARAOKE ? "&H0000D4FF" : "&H00FFFFFF";
    out.append("[Script Info]\nScriptType: v4.00+\n");
    out.append("PlayResX: ").append(widthPx).append("\nPlayResY: ").append(heightPx);
    out.append("\nWrapStyle: 2\nScaledBorderAndShadow: yes\n\n[V4+ Styles]\n");
    out.append(
        "Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour,"
            + " BackColour, Bold, Italic, Underline, StrikeOut, ScaleX, ScaleY, Spacing, Angle,"
            + " BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding\n");
    out.append(
        String.format(
            Locale.ROOT,
            "Style: Default,Sans,%d,%s,&H00FFFFFF,&H00000000,&H80000000,-1,0,0,0,100,100,0,0,1,%d,%d,2,%d,%d,%d,1\n",
            sizePx,
            primary,
            Math.max(1, sizePx / 14),
            Math.max(1, sizePx / 28),
            Math.round(safe.left() * widthPx),
            Math.round(safe.right() * widthPx),
            Math.round(safe.bottom() * heightPx)));
    out.append(
        "\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect,"
            + " Text\n");
  }

  private void event(CaptionLine line) {
    long startCs = line.span().fromUs() / 10_000;
    long endCs = Math.max(startCs + 1, line.span().toUs() / 10_000);
    out.append("Dialogue: 0,").append(stamp(startCs)).append(',').append(stamp(endCs));
    out.append(",Default,,0,0,0,,");
    long sungCs = startCs;
    int row = 0;
    for (int i = 0; i < line.words().size(); i++) {
      CaptionWord word = line.words().get(i);
      out.append(word.row() != row ? "\\N" : word.isBlankBefore() ? " " : "");
      row = word.row();
      if (style == CaptionStyle.KARAOKE) {
        sungCs = sung(word, sungCs);
      } else {
        moved(line, i, startCs * 10);
      }
    }
    out.append('\n');
  }

  /** Gives the time that the word's own {@code \kf} ends at. */
  private long sung(CaptionWord word, long fromCs) {
    long startCs = word.span().fromUs() / 10_000;
    long endCs = Math.max(startCs, word.span().toUs() / 10_000);
    if (startCs > fromCs) {
      out.append("{\\k").append(startCs - fromCs).append('}');
    }
    out.append("{\\kf").append(endCs - startCs).append('}').append(text(word));
    return endCs;
  }

  private void moved(CaptionLine line, int index, long startMs) {
    CaptionWord word = line.words().get(index);
    long fromMs = word.span().fromUs() / 1000 - startMs;
    boolean isLast = index + 1 == line.words().size();
    long toMs =
        (isLast ? line.span().toUs() : line.words().get(index + 1).span().fromUs()) / 1000
            - startMs;
    switch (style) {
      case HIGHLIGHT_WORD ->
          out.append('{').append(marked(fromMs, toMs)).append('}').append(text(word));
      case POP_IN ->
          out.append('{')
              .append(HIDDEN)
              .append(change(fromMs, fromMs + 80, SHOWN))
              .append("\\fscy100")
              .append(change(fromMs, fromMs + 1, "\\fscy60"))
              .append(change(fromMs + 1, fromMs + 160, "\\fscy100"))
              .append(marked(fromMs, toMs))
              .append('}')
              .append(text(word));
      case BOUNCE ->
          out.append('{')
              .append("\\fscy100")
              .append(change(fromMs, fromMs + 120, "\\fscy80"))
              .append(change(fromMs + 120, fromMs + 320, "\\fscy100"))
              .append(marked(fromMs, toMs))
              .append('}')
              .append(text(word));
      case TYPEWRITER -> typed(word, fromMs);
      case KARAOKE -> throw new IllegalStateException("karaoke is sung");
    }
  }

  private static String marked(long fromMs, long toMs) {
    return "\\c"
        + PLAIN
        + change(fromMs, fromMs + 1, "\\c" + ACTIVE)
        + change(toMs, toMs + 1, "\\c" + PLAIN);
  }

  private void typed(CaptionWord word, long fromMs) {
    String text = text(word);
    BreakIterator letters = BreakIterator.getCharacterInstance(Locale.ROOT);
    letters.setText(text);
    int from = letters.first();
    for (int to = letters.next(); to != BreakIterator.DONE; to = letters.next()) {
      long atMs = fromMs + word.span().lengthUs() / 1000 * from / text.length();
      out.append('{').append(HIDDEN).append(change(atMs, atMs + 1, SHOWN)).append('}');
      out.append(text, from, to);
      from = to;
    }
  }

  private static String change(long fromMs, long toMs, String what) {
    return "\\t(" + fromMs + "," + toMs + "," + what + ")";
  }

  /** Braces would begin a command, a backslash might; there is no escape that all players know. */
  private static String text(CaptionWord word) {
    String plain = word.text().replace('{', '(').replace('}', ')').replace("\\", "\\\u2060");
    return plain + word.emoji().map(emoji -> " " + emoji).orElse("");
  }

  private static String stamp(long cs) {
    return String.format(
        Locale.ROOT, "%d:%02d:%02d.%02d", cs / 360_000, cs / 6_000 % 60, cs / 100 % 60, cs % 100);
  }
}
