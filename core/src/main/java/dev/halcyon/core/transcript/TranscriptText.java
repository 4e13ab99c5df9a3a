package dev.halcyon.core.transcript;

import dev.halcyon.core.error.ErrorCode;
import dev.halcyon.core.error.HalcyonException;

/** Reads transcripts that others wrote. Bounded in size, time and number of words; any thread. */
public final class TranscriptText {
  /**
   * Three times what four hours of fast speech take with the times of their words in JSON; what is
   * made of so much fits into a heap of 256 MiB.
   */
  public static final int MAX_CHARS = 16 << 20;

  private TranscriptText() {}

  /**
   * Subtitles give a word the part of its cue that its letters make up, unless the cue holds times
   * of words. Words of JSON without times, as aligners leave numbers, get those between their
   * neighbours.
   *
   * @return maybe without any words
   * @throws HalcyonException {@link ErrorCode#BAD_REQUEST} with a sentence for people, when the
   *     text is not of that format or too large
   */
  public static Transcript parse(TranscriptFormat format, String text) {
    if (text.length() > MAX_CHARS) {
      throw new HalcyonException(
          ErrorCode.BAD_REQUEST,
          "the transcript has more than " + (MAX_CHARS >> 20) + " million characters");
    }
    String plain = text.startsWith("\ufeff") ? text.substring(1) : text;
    return switch (format) {
      case WORDS_JSON -> WordsJson.parse(plain);
      case SUB_RIP -> CueWords.transcript(CueReader.subRip(plain));
      case WEB_VTT -> CueWords.transcript(CueReader.webVtt(plain));
    };
  }
}
