package dev.halcyon.core.stream;

import java.util.Objects;

/** Where a stream's media comes from. */
public sealed interface StreamSource {
  /** A publisher connects to us with the stream's key. */
  record Push() implements StreamSource {}

  /** We connect to a URL. */
  record Pull(String url) implements StreamSource {
    public Pull {
      Objects.requireNonNull(url, "url");
    }
  }
}
