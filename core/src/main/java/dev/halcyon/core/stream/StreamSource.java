package dev.halcyon.core.stream;

import java.util.Locale;
import java.util.Objects;

/** Where a stream's media comes from. */
public sealed interface StreamSource {
  /** A publisher connects to us with the stream's key. */
  record Push() implements StreamSource {}

  /**
   * We connect to a URL.
   *
   * @param pace of what is there as a whole: a file, or a live stream that has ended
   */
  record Pull(String url, Pace pace) implements StreamSource {
    public Pull {
      Objects.requireNonNull(url, "url");
      Objects.requireNonNull(pace, "pace");
    }

    public Pull(String url) {
      this(url, Pace.REAL_TIME);
    }
  }

  /** How fast a file is taken. */
  enum Pace {
    /** As it plays. */
    REAL_TIME,
    /** As fast as it can be read. */
    FULL;

    public String wire() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Pace ofWire(String text) {
      return valueOf(text.toUpperCase(Locale.ROOT));
    }
  }
}
