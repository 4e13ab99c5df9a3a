package dev.halcyon.core.select;

import dev.halcyon.core.analysis.TimeSpan;
import dev.halcyon.core.detect.ScoreTerm;
import dev.halcyon.core.detect.Signal;
import dev.halcyon.core.detect.SignalKind;
import dev.halcyon.core.select.ClipSelector.Reason;
import dev.halcyon.core.select.Windows.Scored;
import dev.halcyon.core.transcript.Sentence;
import dev.halcyon.core.transcript.Transcript;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Titles, descriptions and reasons of the clips of one video. Immutable; any thread. */
final class ClipTexts {
  /** A title is the strongest of the first sentences of a clip. */
  private static final int TITLE_SENTENCES = 4;

  /** A good title has so many words. */
  private static final int FEW_WORDS = 3;

  private static final int MANY_WORDS = 14;
  private static final int DESCRIPTION_SENTENCES = 3;
  private static final int NAMED_SIGNALS = 3;

  private final Transcript transcript;
  private final TimeLine<Sentence> sentences;
  private final ClipTags tags;

  ClipTexts(Transcript transcript, List<Sentence> sentences) {
    this.transcript = transcript;
    this.sentences = new TimeLine<>(sentences, Sentence::span);
    this.tags = new ClipTags(transcript);
  }

  ClipCandidate candidate(Scored window, Reason reason) {
    TimeSpan span = window.span();
    List<Sentence> said = sentences.begunIn(span);
    String excerpt =
        shortened(Transcript.text(transcript.within(span)), ClipCandidate.MAX_DESCRIPTION);
    return new ClipCandidate(
        span,
        title(said).orElse("Clip at " + clock(span.fromUs())),
        description(said, window.trace()),
        tags.of(span, window.trace()),
        reasoning(window, reason),
        excerpt,
        window.trace());
  }

  private static Optional<String> title(List<Sentence> said) {
    return said.stream()
        .limit(TITLE_SENTENCES)
        .max(
            Comparator.comparingDouble(ClipTexts::titleWorth)
                .thenComparing(
                    Comparator.comparingLong((Sentence s) -> s.span().fromUs()).reversed()))
        .map(s -> shortened(asTitle(s.text()), ClipCandidate.MAX_TITLE));
  }

  private static double titleWorth(Sentence sentence) {
    int words = sentence.endWord() - sentence.firstWord();
    boolean isHandy = words >= FEW_WORDS && words <= MANY_WORDS;
    return SpokenSignals.strength(sentence)
        + (isHandy ? 0.5 : 0)
        + (sentence.isComplete() ? 0.2 : 0);
  }

  /** With a capital letter and without a full stop. */
  private static String asTitle(String text) {
    boolean isStop = text.endsWith(".") && !text.endsWith("..") && text.length() > 1;
    String bare = isStop ? text.substring(0, text.length() - 1) : text;
    int first = bare.offsetByCodePoints(0, 1);
    return bare.substring(0, first).toUpperCase(Locale.ROOT) + bare.substring(first);
  }

  private static String description(List<Sentence> said, ScoreTrace trace) {
    String text =
        said.stream()
            .limit(DESCRIPTION_SENTENCES)
            .map(Sentence::text)
            .collect(Collectors.joining(" "));
    return shortened(text.isEmpty() ? happenings(trace) : text, ClipCandidate.MAX_DESCRIPTION);
  }

  private static String happenings(ScoreTrace trace) {
    String names = names(trace);
    return names.isEmpty()
        ? ""
        : names.substring(0, 1).toUpperCase(Locale.ROOT) + names.substring(1) + ".";
  }

  private static String reasoning(Scored window, Reason reason) {
    ScoreTrace trace = window.trace();
    String names = names(trace);
    String what =
        switch (reason) {
          case WHOLE_VIDEO ->
              "The video is no longer than the shortest clip, so all of it is taken.";
          case SPREAD -> "Nothing stands out in this video; this is the best of its part of it.";
          case STANDS_OUT, RESERVE -> names.isEmpty() ? unnamed(trace) : "It holds " + names + ".";
        };
    return what + " It begins " + trace.startsAt() + " and ends " + trace.endsAt() + ".";
  }

  private static String unnamed(ScoreTrace trace) {
    return trace.terms().get(ScoreTerm.SCENE_DENSITY) > 0
        ? "It holds changes of scene."
        : "It stands well by itself.";
  }

  /** The strongest kinds of signals, each with its time. */
  private static String names(ScoreTrace trace) {
    return trace.signals().stream()
        .filter(s -> s.kind() != SignalKind.SCENE_CHANGE)
        .sorted(Comparator.comparingDouble(Signal::strength).reversed())
        .collect(
            Collectors.toMap(Signal::kind, s -> s, (first, second) -> first, LinkedHashMap::new))
        .values()
        .stream()
        .limit(NAMED_SIGNALS)
        .map(s -> name(s) + " at " + clock(s.atUs()))
        .collect(Collectors.joining(", "));
  }

  private static String name(Signal signal) {
    return switch (signal.kind()) {
      case CROWD_REACTION -> "a reaction of a crowd";
      case LOUD_MOMENT -> "a loud moment";
      case LAUGHTER -> "laughter";
      case APPLAUSE -> "applause";
      case CHEER -> "cheering";
      case GUNSHOT -> "a shot";
      case SPEECH -> "speech";
      case MUSIC -> "music";
      case KEYWORD -> "words that make people listen (" + signal.detail() + ")";
      case EMOTIONAL_MOMENT -> "strong feeling (" + signal.detail() + ")";
      case SCENE_CHANGE -> "a change of scene";
      case FACE -> "a face";
      case GAME_EVENT -> "an event of the game";
      case CHAT_RATE -> "a busy chat";
      case MANUAL_MARK -> "a mark that was set by hand";
    };
  }

  /** {@code 1:02:03} or {@code 2:03}. */
  private static String clock(long atUs) {
    long seconds = atUs / 1_000_000;
    return seconds < 3600
        ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
        : String.format(
            Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
  }

  /** Cut between words, with an ellipsis. */
  private static String shortened(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    int end = text.lastIndexOf(' ', most - 1);
    int cut = end > most / 2 ? end : most - 1;
    int whole = Character.isHighSurrogate(text.charAt(cut - 1)) ? cut - 1 : cut;
    return text.substring(0, whole).stripTrailing() + "…";
  }
}
