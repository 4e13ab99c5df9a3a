package dev.halcyon.verticles.store;

import java.util.Arrays;
import java.util.Optional;

/** The order of a list of clips; equals follow by their ids, so that pages do not overlap. */
public enum ClipSort {
  NEWEST("-created_at", "c.created_at DESC"),
  OLDEST("created_at", "c.created_at"),
  BEST("-score", "c.score DESC, c.created_at DESC"),
  WORST("score", "c.score, c.created_at DESC"),
  TITLE("title", "lower(c.title), c.created_at DESC"),
  TITLE_BACKWARDS("-title", "lower(c.title) DESC, c.created_at DESC"),
  LONGEST("-duration", "(c.end_us - c.start_us) DESC, c.created_at DESC"),
  SHORTEST("duration", "(c.end_us - c.start_us), c.created_at DESC");

  private final String wire;
  private final String columns;

  ClipSort(String wire, String columns) {
    this.wire = wire;
    this.columns = columns;
  }

  /** The field's name in the API, {@code -} before it for falling. */
  public static Optional<ClipSort> ofWire(String text) {
    return Arrays.stream(values()).filter(sort -> sort.wire.equals(text)).findFirst();
  }

  String orderBy() {
    return " ORDER BY " + columns + ", c.id";
  }
}
