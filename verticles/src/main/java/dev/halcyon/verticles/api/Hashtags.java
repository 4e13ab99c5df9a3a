package dev.halcyon.verticles.api;

import io.vertx.core.json.JsonArray;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Hashtags as people give them: with or without {@code #}, in the case they like, each once. */
final class Hashtags {
  private Hashtags() {}

  /** The contract has checked that they are short texts without blanks. */
  static List<String> read(JsonArray given) {
    Map<String, String> byKey = new LinkedHashMap<>();
    for (Object tag : given) {
      String text = (String) tag;
      byKey.putIfAbsent(text.replaceFirst("^#+", "").toLowerCase(Locale.ROOT), text);
    }
    byKey.remove("");
    return List.copyOf(byKey.values());
  }
}
