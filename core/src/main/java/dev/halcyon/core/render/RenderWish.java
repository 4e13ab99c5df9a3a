package dev.halcyon.core.render;

import dev.halcyon.core.analysis.TimeSpan;
import dev.halcyon.core.caption.CaptionStyle;
import dev.halcyon.core.transcript.Transcript;
import dev.halcyon.core.transcript.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;

/**
 * How somebody wants a chosen window rendered. What is empty is as it would be without a wish.
 * Immutable; any thread.
 *
 * @param aspectRatio {@code 9:16} and the like, or {@code source}
 * @param layout {@code crop}, {@code split} or {@code pad}
 * @param captionStyle one of {@link CaptionStyle}, or {@code none}
 * @param fromUs media time
 * @param toUs media time, exclusive
 * @param loudnessLufs integrated
 * @param words in the captions, instead of what was understood
 */
public record RenderWish(
    Optional<String> aspectRatio,
    Optional<String> layout,
    Optional<String> captionStyle,
    Optional<Boolean> emoji,
    Optional<Boolean> denoise,
    OptionalLong fromUs,
    OptionalLong toUs,
    OptionalDouble loudnessLufs,
    Optional<List<OtherWord>> words) {
  public static final String NO_CAPTIONS = "none";

  /** Before {@link #NONE}, which is checked by it. */
  private static final Set<String> LAYOUTS = Set.of("crop", "split", "pad");

  public static final RenderWish NONE =
      new RenderWish(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalDouble.empty(),
          Optional.empty());

  /** A shorter clip is a mistake. */
  public static final long SHORTEST_US = 1_000_000;

  private static final int MOST_WORDS = 2_000;

  /** What a voice is pleasant at, and what players still take. */
  private static final double QUIETEST_LUFS = -31;

  private static final double LOUDEST_LUFS = -9;

  public RenderWish {
    Objects.requireNonNull(emoji, "emoji");
    Objects.requireNonNull(denoise, "denoise");
    require(
        aspectRatio
            .map(text -> text.equals("source") || text.matches("[1-9]\\d{0,2}:[1-9]\\d{0,2}"))
            .orElse(true),
        "aspect_ratio: 9:16, 1:1, 16:9 or the like, or source");
    require(layout.map(LAYOUTS::contains).orElse(true), "layout: crop, split or pad");
    captionStyle.filter(style -> !style.equals(NO_CAPTIONS)).ifPresent(CaptionStyle::ofWire);
    require(
        fromUs.orElse(0) >= 0 && (toUs.isEmpty() || toUs.getAsLong() > fromUs.orElse(0)),
        "to_us: not after from_us");
    double lufs = loudnessLufs.orElse(QUIETEST_LUFS);
    require(
        lufs >= QUIETEST_LUFS && lufs <= LOUDEST_LUFS,
        "loudness_lufs: from " + QUIETEST_LUFS + " to " + LOUDEST_LUFS);
    words = words.map(List::copyOf);
    require(words.map(List::size).orElse(0) <= MOST_WORDS, "words: at most " + MOST_WORDS);
  }

  private static void require(boolean isFit, String otherwise) {
    if (!isFit) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  /**
   * Another word in a caption.
   *
   * @param atUs media time at which the word begins, or any time while it is said
   * @param text empty for none
   */
  public record OtherWord(long atUs, String text) {
    private static final int MAX_CHARS = 80;

    public OtherWord {
      require(atUs >= 0, "words: at_us is negative");
      require(
          text.length() <= MAX_CHARS
              && text.chars()
                  .noneMatch(c -> Character.isWhitespace(c) || Character.isISOControl(c)),
          "words: text is one word of at most " + MAX_CHARS + " characters, or empty");
    }
  }

  /**
   * The window that is wanted.
   *
   * @param chosen the one that was chosen among all
   * @throws IllegalArgumentException when what is left of it is too short
   */
  public TimeSpan window(TimeSpan chosen) {
    long from = fromUs.orElse(chosen.fromUs());
    long to = toUs.orElse(chosen.toUs());
    require(to - from >= SHORTEST_US, "from_us, to_us: a clip lasts a second at least");
    return new TimeSpan(from, to);
  }

  /** The words that are wanted; where none is said, another one has no place. */
  public Transcript over(Transcript understood) {
    List<OtherWord> others = words.orElse(List.of());
    if (others.isEmpty()) {
      return understood;
    }
    List<Word> wanted = new ArrayList<>();
    for (Word word : understood.words()) {
      String text = textOf(word, others);
      if (!text.isEmpty()) {
        wanted.add(new Word(text, word.fromUs(), word.toUs(), word.confidence(), word.speaker()));
      }
    }
    return new Transcript(understood.language(), wanted);
  }

  private static String textOf(Word word, List<OtherWord> others) {
    String text = word.text();
    for (OtherWord other : others) {
      if (other.atUs() >= word.fromUs() && other.atUs() < word.toUs()) {
        text = other.text();
      }
    }
    return text;
  }

  /** The sound that is wanted. */
  public SoundForm over(SoundForm usual) {
    return loudnessLufs.isEmpty()
        ? usual
        : new SoundForm(
            loudnessLufs.getAsDouble(),
            usual.ceilingDbtp(),
            usual.fadeUs(),
            usual.denoise(),
            usual.bitrateBps());
  }
}
