package dev.halcyon.codecs.caption;

import io.github.humbleui.skija.Data;
import io.github.humbleui.skija.FontMgr;
import io.github.humbleui.skija.FontStyle;
import io.github.humbleui.skija.Typeface;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Fonts that this machine has for letters that none of ours has: Chinese, Japanese and Korean, and
 * emoji in colour. A render that uses one names it, as elsewhere it would look different. One
 * thread; closed by who made it.
 */
final class MachineFonts implements AutoCloseable {
  /** In the order in which they are liked. */
  private static final List<String> EMOJI = List.of("Noto Color Emoji", "Twitter Color Emoji");

  /** Where {@code head} has the font's revision, and the sum of all its bytes. */
  private static final int REVISION_OFFSET = 4;

  private static final int SUM_END_OFFSET = 12;

  private final List<Typeface> opened = new ArrayList<>();
  private final SortedSet<String> names = new TreeSet<>();

  /** Fontconfig takes its time. */
  private final Set<Integer> sought = new HashSet<>();

  private Optional<Typeface> emoji = Optional.empty();
  private boolean isEmojiSought;

  /**
   * @param hasLetter whether a font can draw what is wanted
   */
  Optional<Typeface> colourEmoji(Predicate<Typeface> hasLetter) {
    if (!isEmojiSought) {
      isEmojiSought = true;
      emoji = EMOJI.stream().map(MachineFonts::named).flatMap(Optional::stream).findFirst();
      emoji.ifPresent(opened::add);
    }
    return noted(emoji.filter(hasLetter));
  }

  private static Optional<Typeface> named(String family) {
    Typeface found = FontMgr.getDefault().matchFamilyStyle(family, FontStyle.NORMAL);
    if (found != null && !found.getFamilyName().equals(family)) {
      found.close(); // Another one, which fontconfig holds for as good.
      return Optional.empty();
    }
    return Optional.ofNullable(found);
  }

  /** A bold one without serifs, where there is one. */
  Optional<Typeface> having(int letter, Predicate<Typeface> hasLetter) {
    Optional<Typeface> known = opened.stream().filter(hasLetter).findFirst();
    if (known.isPresent()) {
      return noted(known);
    }
    if (!sought.add(letter)) {
      return Optional.empty();
    }
    Optional<Typeface> found =
        Optional.ofNullable(
            FontMgr.getDefault()
                .matchFamilyStyleCharacter("sans-serif", FontStyle.BOLD, new String[0], letter));
    found.ifPresent(opened::add);
    return noted(found.filter(hasLetter));
  }

  private Optional<Typeface> noted(Optional<Typeface> used) {
    used.ifPresent(typeface -> names.add(name(typeface)));
    return used;
  }

  private static String name(Typeface typeface) {
    try (Data head = typeface.getTableData("head")) {
      byte[] bytes = head == null ? new byte[0] : head.getBytes();
      String sum =
          bytes.length < SUM_END_OFFSET
              ? "?"
              : HexFormat.of().formatHex(bytes, REVISION_OFFSET, SUM_END_OFFSET);
      return typeface.getFamilyName() + " " + sum;
    }
  }

  /** Family, revision and sum of each one that was used. */
  SortedSet<String> names() {
    return names;
  }

  @Override
  public void close() {
    opened.forEach(Typeface::close);
    opened.clear();
  }
}
