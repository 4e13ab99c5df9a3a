package dev.halcyon.core.transcript;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;
import dev.halcyon.core.json.Json;
import dev.halcyon.core.json.JsonReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads transcripts of Whisper and its kin: {@code {"language","segments":[{"start","end","text",
 * "speaker","words":[{"word","start","end","score","speaker"}]}]}}, or {@code {"words":[…]}}, or
 * either array alone. Times are seconds.
 */
final class WordsJson {
  /**
   * Words with what is usual of each. Every value may be an object, which takes some 300 bytes
   * before it is a word.
   */
  private static final int MAX_VALUES = 6 * WordTimes.MAX_WORDS;

  /** Where nothing tells how long a word is. */
  private static final long USUAL_WORD_US = 300_000;

  private final WordTimes words = new WordTimes();

  private WordsJson() {}

  static Transcript parse(String text) {
    Json root = JsonReader.read(text, MAX_VALUES);
    List<Json> segments = root.member("segments").orElse(root).elements();
    Optional<Json> flat = root.member("words");
    if (segments.isEmpty() && flat.isEmpty() && !isEmptyList(root)) {
      throw bad("it has neither \"segments\" nor \"words\"");
    }
    WordsJson reader = new WordsJson();
    if (segments.stream().anyMatch(s -> s.member("word").isPresent())) {
      reader.words(segments, 0, WordTimes.MAX_US, Optional.empty());
    } else if (segments.isEmpty()) {
      flat.ifPresent(w -> reader.words(w.elements(), 0, WordTimes.MAX_US, Optional.empty()));
    } else {
      segments.forEach(reader::segment);
    }
    return reader.words.transcript(language(root));
  }

  private static boolean isEmptyList(Json root) {
    return root instanceof Json.Items || root.member("segments").isPresent();
  }

  private static String language(Json root) {
    return root.member("language")
        .flatMap(Json::asText)
        .filter(tag -> tag.matches("[A-Za-z0-9-]{2,35}"))
        .orElse(Transcript.UNKNOWN_LANGUAGE);
  }

  private void segment(Json segment) {
    long fromUs = timeUs(segment, "start").orElseThrow(() -> bad("a segment has no \"start\""));
    long toUs =
        Math.max(fromUs, timeUs(segment, "end").orElseThrow(() -> bad("a segment has no \"end\"")));
    Optional<String> speaker = speaker(segment);
    List<Json> inside = segment.member("words").map(Json::elements).orElse(List.of());
    if (inside.isEmpty()) {
      String text = segment.member("text").flatMap(Json::asText).orElse("");
      words.add(Annotations.without(text), fromUs, toUs, 1, speaker);
    } else {
      words(inside, fromUs, toUs, speaker);
    }
  }

  /** Words of one stretch of time; runs without times share the time between their neighbours. */
  private void words(List<Json> given, long fromUs, long toUs, Optional<String> speaker) {
    List<Json> untimed = new ArrayList<>();
    long freeUs = fromUs;
    for (Json word : given) {
      OptionalLong beginUs = timeUs(word, "start");
      if (beginUs.isEmpty()) {
        untimed.add(word);
      } else {
        addUntimed(untimed, freeUs, beginUs.getAsLong(), speaker);
        long endUs = timeUs(word, "end").orElse(beginUs.getAsLong() + USUAL_WORD_US);
        add(word, beginUs.getAsLong(), endUs, speaker);
        freeUs = Math.max(freeUs, endUs);
      }
    }
    long usualEndUs = freeUs + untimed.size() * USUAL_WORD_US;
    addUntimed(untimed, freeUs, Math.min(Math.max(toUs, freeUs), usualEndUs), speaker);
  }

  private void addUntimed(List<Json> untimed, long fromUs, long toUs, Optional<String> speaker) {
    long lengthUs = Math.max(0, toUs - fromUs);
    for (int i = 0; i < untimed.size(); i++) {
      add(
          untimed.get(i),
          fromUs + lengthUs * i / untimed.size(),
          fromUs + lengthUs * (i + 1) / untimed.size(),
          speaker);
    }
    untimed.clear();
  }

  private void add(Json word, long fromUs, long toUs, Optional<String> speaker) {
    String text =
        word.member("word")
            .or(() -> word.member("text"))
            .flatMap(Json::asText)
            .orElseThrow(() -> bad("a word has no \"word\""));
    words.add(
        Annotations.without(text),
        fromUs,
        Math.max(fromUs, toUs),
        confidence(word),
        speaker(word).or(() -> speaker));
  }

  private static double confidence(Json word) {
    return word.member("score")
        .or(() -> word.member("confidence"))
        .or(() -> word.member("probability"))
        .flatMap(Json::asNumber)
        .map(value -> Math.clamp(value, 0.0, 1.0))
        .orElse(1.0);
  }

  private static Optional<String> speaker(Json value) {
    return value
        .member("speaker")
        .flatMap(Json::asText)
        .map(String::strip)
        .filter(name -> !name.isEmpty() && name.length() <= 100);
  }

  private static OptionalLong timeUs(Json value, String name) {
    Optional<Double> seconds = value.member(name).flatMap(Json::asNumber);
    if (seconds.isEmpty()) {
      return OptionalLong.empty();
    }
    if (seconds.get() * 1e6 > WordTimes.MAX_US) {
      throw bad("a time is later than 48 hours: " + seconds.get() + " s");
    }
    return OptionalLong.of(Math.max(0, Math.round(seconds.get() * 1e6)));
  }

  private static HalcyonException bad(String what) {
    return new HalcyonException(ErrorCode.BAD_REQUEST, "this is no transcript: " + what);
  }
}
