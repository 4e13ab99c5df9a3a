package dev.halcyon.core.caption;

import dev.halcyon.core.analysis.TimeSpan;
import dev.halcyon.core.caption.CaptionOptions.Case;
import dev.halcyon.core.transcript.Transcript;
import dev.halcyon.core.transcript.Word;
import dev.halcyon.core.transcript.WordBreaks;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Lays the words of a clip out in captions: broken where the speaker breaks, filled evenly, no word
 * left alone that belongs to others. Any thread.
 */
public final class CaptionPlanner {
  /** A caption stays so long after its last word when nothing follows. */
  private static final long HOLD_US = 500_000;

  /** Between captions that are nearer than this there is no blank moment. */
  private static final long BRIDGE_US = 900_000;

  private CaptionPlanner() {}

  /**
   * @param window of the source that the clip shows; words with more than half in it are shown
   * @return in clip time, which is 0 where the window begins
   */
  public static List<CaptionLine> plan(
      Transcript transcript, TimeSpan window, CaptionOptions options) {
    List<Word> words = inClipTime(transcript, window, options);
    List<CaptionLine> lines = new ArrayList<>();
    EmojiPlaces emoji = new EmojiPlaces(transcript.language(), options);
    int[] ends = new CaptionBreaks(words, options).ends();
    int from = 0;
    for (int end : ends) {
      long nextUs = end < words.size() ? words.get(end).fromUs() : window.lengthUs();
      List<CaptionWord> placed = rows(words.subList(from, end), options);
      lines.add(line(emoji.into(placed), nextUs, end < words.size()));
      from = end;
    }
    return List.copyOf(lines);
  }

  private static List<Word> inClipTime(
      Transcript transcript, TimeSpan window, CaptionOptions options) {
    Locale locale = Locale.forLanguageTag(transcript.language());
    List<Word> words = new ArrayList<>();
    for (Word word : transcript.within(window)) {
      long fromUs = Math.max(0, word.fromUs() - window.fromUs());
      long endUs = Math.min(word.toUs(), window.toUs()) - window.fromUs();
      long toUs = Math.max(endUs, fromUs + 1);
      String text = options.letters() == Case.UPPER ? word.text().toUpperCase(locale) : word.text();
      words.add(new Word(text, fromUs, toUs, word.confidence(), word.speaker()));
    }
    return words;
  }

  private static List<CaptionWord> rows(List<Word> words, CaptionOptions options) {
    int rowBreak = RowBreak.of(words, options);
    List<CaptionWord> placed = new ArrayList<>();
    for (int i = 0; i < words.size(); i++) {
      boolean isFirst = i == 0 || i == rowBreak;
      boolean isBlankBefore =
          !isFirst && WordBreaks.isBlankBetween(words.get(i - 1).text(), words.get(i).text());
      placed.add(
          new CaptionWord(
              words.get(i).text(),
              words.get(i).span(),
              i < rowBreak ? 0 : 1,
              isBlankBefore,
              Optional.empty()));
    }
    return placed;
  }

  private static CaptionLine line(List<CaptionWord> words, long nextUs, boolean isMoreToCome) {
    long spokenUs = words.getLast().span().toUs();
    boolean isBridged = isMoreToCome && nextUs - spokenUs <= BRIDGE_US;
    long toUs = isBridged ? nextUs : Math.min(nextUs, spokenUs + HOLD_US);
    return new CaptionLine(
        new TimeSpan(words.getFirst().span().fromUs(), Math.max(toUs, spokenUs)), words);
  }
}
